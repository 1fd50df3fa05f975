package planted.walnut.dicom.part10;

import planted.walnut.dicom.pixel.Pixels;

record SeesPixels(Pixels pixels) {}

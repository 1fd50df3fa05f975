package planted.walnut.digest;

import planted.walnut.volume.Grid;

record SeesVolume(Grid grid) {}

package planted.walnut.failure;

import planted.walnut.volume.Grid;

record SeesVolume(Grid grid) {}

package planted.walnut.monitoring;

import planted.walnut.volume.Grid;

record SeesVolume(Grid grid) {}

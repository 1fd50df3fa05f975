package planted.walnut.volume;

import planted.walnut.prostate.Gland;

record SeesProstate(Gland gland) {}

package planted.walnut.store;

import planted.walnut.prostate.Gland;

record SeesProstate(Gland gland) {}

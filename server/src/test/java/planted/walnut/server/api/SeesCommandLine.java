package planted.walnut.server.api;

import planted.walnut.server.cli.Command;

record SeesCommandLine(Command command) {}

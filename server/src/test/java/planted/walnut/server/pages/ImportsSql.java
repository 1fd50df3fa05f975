package planted.walnut.server.pages;

import java.sql.Connection;

record ImportsSql(Connection connection) {}

package planted.walnut.store;

import java.sql.Connection;

record ImportsSql(Connection connection) {}

package planted.walnut.monitoring;

import io.vertx.ext.web.Router;

record ImportsVertxWeb(Router router) {}

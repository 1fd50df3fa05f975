package walnut.server.api;

import io.vertx.ext.web.Router;

/** A group of addresses that belong together. */
public interface Routes {

    void mount(Router router);
}

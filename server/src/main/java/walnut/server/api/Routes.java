package walnut.server.api;

import io.vertx.ext.web.Router;

/** A group of addresses that belong together. */
public interface Routes {
    /** Under which the declared path of the route that took a request is kept: failing replaces the current route. */
    String TAKEN_BY = "walnut.route";

    void mount(Router router);
}

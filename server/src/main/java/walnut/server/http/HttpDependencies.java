package walnut.server.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import walnut.server.api.CaseQueries;
import walnut.server.api.ClinicalContexts;
import walnut.server.api.Delivery;
import walnut.server.api.DeploymentControl;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.LabelIntake;
import walnut.server.api.MonitoringQueries;
import walnut.server.api.Readiness;
import walnut.server.api.ReplayService;
import walnut.server.api.Reviews;
import walnut.server.api.Senders;
import walnut.server.api.Upkeep;
import walnut.server.frames.PaneSource;
import walnut.server.ledger.Ledger;
import walnut.server.security.Access;

/** What the listener reads from; whoever starts it brings these. */
public record HttpDependencies(
        CaseQueries cases,
        PaneSource panes,
        LabelIntake labels,
        Reviews reviews,
        ClinicalContexts contexts,
        MonitoringQueries monitoring,
        DeploymentQueries deployments,
        DeploymentControl control,
        Delivery delivery,
        Senders senders,
        ReplayService replay,
        Upkeep upkeep,
        Readiness readiness,
        Access access,
        Ledger ledger,
        PrometheusMeterRegistry meters,
        Clock clock) {}

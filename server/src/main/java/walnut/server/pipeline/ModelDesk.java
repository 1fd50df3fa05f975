package walnut.server.pipeline;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;
import walnut.models.gate.KnownAnswer;
import walnut.models.passport.Passport;
import walnut.server.api.Deployment;
import walnut.server.api.DeploymentControl;
import walnut.server.api.DeploymentQueries;
import walnut.server.api.ModelDescription;
import walnut.server.api.NamedReason;
import walnut.server.api.Readiness;
import walnut.server.api.ReadinessReport;
import walnut.server.database.DeploymentState;
import walnut.server.database.DeploymentTable;
import walnut.server.database.Ids;

/** The model deployed here: what its passport says, and whether its known answers still come out. */
public final class ModelDesk implements DeploymentQueries, DeploymentControl, Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(ModelDesk.class);

    private static final String BROKEN = "BROKEN";

    private final ServedModel model;
    private final DeploymentTable table;
    private final Clock clock;
    private final Ids ids;
    private final Instant since;
    private volatile @Nullable Check last;

    /** @param verdict BITWISE, WITHIN_TOLERANCE or BROKEN */
    private record Check(String verdict, Instant at) {}

    public ModelDesk(ServedModel model, DeploymentTable table, Clock clock, Ids ids) {
        this.model = model;
        this.table = table;
        this.clock = clock;
        this.ids = ids;
        this.since = clock.instant();
    }

    /** Runs the known-answer cases. A model that gives other answers than it was shipped with, or brings none, is not ready. */
    public void runKnownAnswers() {
        String verdict;
        try {
            verdict =
                    model.knownAnswer().overall().map(KnownAnswer.Verdict::name).orElse(BROKEN);
        } catch (WalnutException e) {
            LOG.error(
                    "the known answers of {} cannot be run: {} {}",
                    model.passport().id(),
                    e.code(),
                    e.getMessage());
            verdict = BROKEN;
        }
        if (verdict.equals(BROKEN)) {
            LOG.error(
                    "{} does not give its known answers: it takes no case and this node is not ready",
                    model.passport().id());
        } else if (answersAreBroken()) {
            LOG.info("{} gives its known answers again", model.passport().id());
        }
        last = new Check(verdict, clock.instant());
    }

    @Override
    public List<Deployment> deployments() {
        return List.of(deployment());
    }

    private Deployment deployment() {
        Check check = last;
        return new Deployment(
                model.passport().id(),
                model.passport().version(),
                model.digest(),
                state().name(),
                model.passport().scoreKind().name(),
                check == null ? null : check.verdict(),
                check == null ? null : check.at(),
                table.latest(model.digest()).map(DeploymentTable.Change::at).orElse(since));
    }

    /** What holds now; asked anew each time, so that a stop acts at once. */
    public DeploymentState state() {
        return table.stateOf(model.digest());
    }

    /** What the worker goes by: a model that no longer gives its known answers rests as if it were stopped. */
    public DeploymentState workingState() {
        return answersAreBroken() ? DeploymentState.STOPPED : state();
    }

    private boolean answersAreBroken() {
        Check check = last;
        return check != null && check.verdict().equals(BROKEN);
    }

    @Override
    public Deployment change(String modelId, String state, String actor, String reason) {
        boolean everyModel = modelId.equals(DeploymentTable.EVERY_MODEL);
        if (!everyModel && !modelId.equals(model.passport().id())) {
            throw new WalnutException(FailureCode.MODEL_NOT_FOUND, "no model " + modelId + " is deployed here");
        }
        NamedReason given = new NamedReason(actor, reason);
        table.add(
                ids.next(),
                new DeploymentTable.Change(
                        everyModel ? modelId : model.digest(),
                        stateNamed(state, everyModel),
                        given.actor(),
                        given.reason(),
                        clock.instant()));
        LOG.info("{} is now {}", modelId, state);
        return deployment();
    }

    private static DeploymentState stateNamed(String state, boolean everyModel) {
        DeploymentState found = Arrays.stream(DeploymentState.values())
                .filter(each -> each.name().equals(state))
                .findFirst()
                .orElseThrow(() -> new WalnutException(
                        FailureCode.INVALID_ARGUMENT,
                        "state must be one of SILENT, ASSIST, STOPPED, got '" + state + "'"));
        if (everyModel && found == DeploymentState.ASSIST) {
            throw new WalnutException(
                    FailureCode.INVALID_ARGUMENT,
                    "the whole node can be STOPPED or let go again (SILENT); ASSIST is given to one model at a time");
        }
        return found;
    }

    @Override
    public Optional<ModelDescription> model(String modelId) {
        Passport passport = model.passport();
        if (!modelId.equals(passport.id())) {
            return Optional.empty();
        }
        return Optional.of(new ModelDescription(
                deployment(),
                passport.name(),
                passport.intendedUse().primaryUse(),
                passport.intendedUse().limitations(),
                passport.channels().stream()
                        .map(channel -> new ModelDescription.Input(channel.name(), preparation(channel)))
                        .toList(),
                passport.operatingPoints().stream()
                        .map(point -> new ModelDescription.OperatingPoint(
                                point.name(),
                                point.threshold(),
                                point.provenance().rule()))
                        .toList(),
                facts(passport)));
    }

    private static String preparation(Passport.Channel channel) {
        List<String> steps = new ArrayList<>();
        channel.normalisation().forEach(step -> steps.add(step.inWords()));
        return String.join(", then ", steps);
    }

    private List<ModelDescription.Fact> facts(Passport passport) {
        Passport.Grid grid = passport.grid();
        List<ModelDescription.Fact> facts = new ArrayList<>();
        facts.add(new ModelDescription.Fact("Summary", passport.summary()));
        facts.add(new ModelDescription.Fact("Licence", passport.licence()));
        facts.add(new ModelDescription.Fact(
                "Intended input", passport.intendedUse().intendedInput().description()));
        facts.add(new ModelDescription.Fact(
                "Contraindications", String.join("; ", passport.intendedUse().contraindications())));
        facts.add(new ModelDescription.Fact(
                "Grid",
                grid.size().columns() + " × " + grid.size().rows() + " × "
                        + grid.size().slices() + " voxels of "
                        + grid.spacingMm().columns() + " × "
                        + grid.spacingMm().rows() + " × " + grid.spacingMm().slices() + " mm"));
        facts.add(new ModelDescription.Fact("Candidates", candidates(passport)));
        facts.add(new ModelDescription.Fact("Runtime", model.runtime().runtimeClass()));
        return facts;
    }

    private static String candidates(Passport passport) {
        Passport.Candidates rule = passport.candidates();
        Passport.Points points = passport.points();
        return rule != null
                ? rule.rule() + " rule, version " + rule.ruleVersion()
                : "those of " + (points == null ? "nobody" : points.from());
    }

    @Override
    public ReadinessReport check() {
        Check check = last;
        boolean ok = check != null && !answersAreBroken();
        String detail = check == null ? "not run yet" : check.verdict() + " at " + check.at();
        return new ReadinessReport(List.of(
                new ReadinessReport.Check("known answers of " + model.passport().id(), ok, detail)));
    }
}

package walnut.server.api;

/** What keeps a node going beside its work. */
public record Upkeep(CaseOperations cases, Conflicts conflicts, Storage storage, NonPatientObjects nonPatientObjects) {}

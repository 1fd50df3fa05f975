package planted.walnut.models;

import io.micrometer.core.instrument.MeterRegistry;

record ImportsMicrometer(MeterRegistry meterRegistry) {}

package walnut.prostate.series;

/**
 * One rule that fired, and what it read: "adc.image-type: ImageType holds ADC (DERIVED\PRIMARY\DIFFUSION\ADC)".
 *
 * @param rule stable dotted name of the rule
 * @param read what was read and what follows from it, in words; never a patient identifier
 */
public record Evidence(String rule, String read) {

    @Override
    public String toString() {
        return rule + ": " + read;
    }
}

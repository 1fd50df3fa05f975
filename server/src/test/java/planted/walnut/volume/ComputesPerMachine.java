package planted.walnut.volume;

final class ComputesPerMachine {
    double sine(double angle) {
        return Math.sin(angle);
    }
}

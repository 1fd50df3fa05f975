package planted.walnut.volume;

final class Prints {
    void print() {
        System.out.println("planted");
    }
}

package walnut.prostate.phantom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class SeedStreamTest {
    @Test
    void streams_of_one_seed_are_unlike_and_repeatable() {
        assertEquals(new SeedStream(7, 1).nextLong(), new SeedStream(7, 1).nextLong());
        assertNotEquals(new SeedStream(7, 1).nextLong(), new SeedStream(7, 2).nextLong());
        assertNotEquals(new SeedStream(7, 1).nextLong(), new SeedStream(8, 1).nextLong());
        assertNotEquals(new SeedStream(7, 2, 0).nextLong(), new SeedStream(7, 2, 1).nextLong());
    }

    @Test
    void the_laws_have_their_moments() {
        SeedStream stream = new SeedStream(20260101, 9);
        int n = 40_000;
        double normal = 0;
        double square = 0;
        double beta = 0;
        double poisson = 0;
        int first = 0;
        for (int draw = 0; draw < n; draw++) {
            double x = stream.normal();
            normal += x / n;
            square += x * x / n;
            beta += stream.beta(6, 1.4) / n;
            poisson += stream.poisson(3.5) / (double) n;
            first += stream.choice(.5, .25, .25) == 0 ? 1 : 0;
        }
        assertEquals(0, normal, .02);
        assertEquals(1, square, .03);
        assertEquals(6 / 7.4, beta, .005);
        assertEquals(3.5, poisson, .04);
        assertEquals(.5, first / (double) n, .01);
    }
}

/** Tests of the ledger. */
@NullMarked
package walnut.server.ledger;

import org.jspecify.annotations.NullMarked;

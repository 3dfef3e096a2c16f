// SPDX-License-Identifier: EUPL-1.2
// Cited norms are compared as law, not as spelling.
#include "kiosk/consent/legal_basis.hpp"

#include <doctest/doctest.h>

TEST_CASE("legal basis: a statute that permits the transfer is found in every spelling (LR-09)") {
    for (const char* text :
         {"§ 50 SGB II", "§50 SGB II", "§\u00A050 SGB\u00A0II", "§ 50 Abs. 1 SGB II",
          "§ 50 Absatz 1 Satz 2 Nr. 3 SGB II", "§§ 50, 51 SGB II", "§ 69 SGB X",
          "§ 69 Abs. 1 Nr. 1 SGB X", "§ 18b AZRG", "§§ 18a, 18b AZRG", "§ 50(1) SGB II"}) {
        CAPTURE(text);
        CHECK(consent::permits_transfer(text));
    }
}

TEST_CASE("legal basis: its neighbours are not taken for it") {
    for (const char* text :
         {"§ 50 SGB III", "§ 50 SGB X", "§ 5 SGB II", "§ 500 SGB II", "§ 51 Abs. 50 SGB II",
          "§ 69 SGB II", "§ 68 Abs. 69 SGB X", "§ 18 AZRG", "§ 18a AZRG", "§ 18b AufenthG", "",
          "SGB", "Art. 6 Abs. 1 Buchst. a DSGVO", "§ 67b Abs. 2 SGB X"}) {
        CAPTURE(text);
        CHECK_FALSE(consent::permits_transfer(text));
    }
}

TEST_CASE("legal basis: norms for health data (LR-11)") {
    CHECK(consent::is_health_consent("Art. 9 Abs. 2 Buchst. a DSGVO"));
    CHECK(consent::is_health_consent("§ 67b Abs. 1 Satz 3 SGB X"));
    CHECK_FALSE(consent::is_health_consent("Art. 6 Abs. 1 Buchst. a DSGVO"));
    for (const char* text :
         {"§ 67d SGB X", "§ 67e SGB X", "§ 68 SGB X", "§ 76 Abs. 1 SGB X", "§ 77 SGB X"}) {
        CAPTURE(text);
        CHECK(consent::is_transmission_norm(text));
    }
    for (const char* text :
         {"§ 67 SGB X", "§ 67b SGB X", "§ 78 SGB X", "§ 76 SGB V", "§ 7 SGB X"}) {
        CAPTURE(text);
        CHECK_FALSE(consent::is_transmission_norm(text));
    }
}

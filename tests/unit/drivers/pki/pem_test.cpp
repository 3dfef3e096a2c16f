// SPDX-License-Identifier: EUPL-1.2
// PEM both ways, with everything that tools put around it.
#include "drivers/pki/pem.hpp"

#include <doctest/doctest.h>

namespace {

std::vector<base::Bytes> read(const std::string& text) {
    return pki::from_pem(base::as_bytes(text));
}

}  // namespace

TEST_CASE("pem: every length comes back, alone and one after the other") {
    std::string all;
    std::vector<base::Bytes> expected;
    for (std::size_t size = 1; size <= 100; ++size) {
        const base::Bytes der(size, static_cast<std::uint8_t>(size * 7));
        const std::string text = pki::to_pem("CERTIFICATE", der);
        CHECK(pki::is_pem(base::as_bytes(text)));
        CHECK(read(text) == std::vector<base::Bytes>{der});
        all += "subject=somebody\n" + text;
        expected.push_back(der);
    }
    CHECK(read(all) == expected);
}

TEST_CASE("pem: line ends of other systems and text around are passed over") {
    const base::Bytes der{1, 2, 3, 0xFF};
    CHECK(read("Bag Attributes\r\n-----BEGIN X-----\r\nAQID\r\n /w==\r\n-----END X-----\r\n") ==
          std::vector<base::Bytes>{der});
}

TEST_CASE("pem: what is cut or no base64 is nothing") {
    for (const char* bad :
         {"", "AQID", "-----BEGIN X", "-----BEGIN X-----\nAQID\n",
          "-----BEGIN X-----\n-----END X-----\n", "-----BEGIN X-----\nAQI\n-----END X-----\n",
          "-----BEGIN X-----\nAQ*D\n-----END X-----\n",
          "-----BEGIN X-----\nA===\n-----END X-----\n"}) {
        CAPTURE(bad);
        CHECK(read(bad).empty());
    }
    CHECK_FALSE(pki::is_pem(base::Bytes{0x30, 0x82, 0x01, 0x02}));
}

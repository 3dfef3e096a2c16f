// SPDX-License-Identifier: EUPL-1.2
// Card, terminal and PKI of a test: see world.hpp.
#include "tests/card/checks/world.hpp"

#include <cstdlib>

namespace card {

World::World(const std::string& person, ChipKey chip_key) {
    auto loaded = load_person(std::string(CARD_PEOPLE_DIR) + "/" + person + ".json");
    TrustPoints trust_points;
    if (!loaded.person || !trust_points.add_file(pki.cvca())) std::abort();
    trust_points.advance(pki.cvca_request.effective);
    card.emplace(Card::Options{.person = std::move(*loaded.person),
                               .trust_points = std::move(trust_points),
                               .chip_key = chip_key},
                 random);
    terminal.emplace(*card);
}

StatusWord World::pace(std::optional<Rights> rights) {
    return terminal->pace({.secret = "123456", .rights = rights});
}

StatusWord World::pace_with(PasswordId password, const std::string& secret) {
    return terminal->pace({.password = password, .secret = secret, .rights = std::nullopt});
}

StatusWord World::terminal_authentication() {
    return terminal->terminal_authentication({pki.chain(), pki.terminal_key, {}});
}

Rights only(std::initializer_list<unsigned> bits) {
    Rights rights;
    for (const unsigned bit : bits) rights.bits |= 1ULL << bit;
    return rights;
}

}  // namespace card

// SPDX-License-Identifier: EUPL-1.2
// The packed icons: all there, right sizes, and a torn file is refused.
#include <numeric>

#include "kiosk/widgets/icons.hpp"
#include "kiosk/widgets/theme.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

using widgets::Icons;

namespace {
unsigned sum(const text::Mask& mask) {
    return std::accumulate(mask.alpha.begin(), mask.alpha.end(), 0U);
}
}  // namespace

TEST_CASE("icons: each has ink at every built size and at one between") {
    auto icons = Icons::parse(widgets::embedded_icons());
    REQUIRE(icons.has_value());
    CHECK(icons->names().size() >= 60);
    for (std::size_t i = 0; i < icons->names().size(); ++i) {
        CAPTURE(icons->names()[i]);
        for (const int size : {36, 48, 50, 96, 120}) {
            const text::Mask mask = icons->mask(i, size);
            CHECK(mask.alpha.size() ==
                  static_cast<std::size_t>(size) * static_cast<std::size_t>(size));
            CHECK(sum(mask) > 255U * static_cast<unsigned>(size));
        }
    }
}

TEST_CASE("icons: names are found, unknown ones are not") {
    auto icons = Icons::parse(widgets::embedded_icons());
    REQUIRE(icons.has_value());
    CHECK(icons->find("back").has_value());
    CHECK(icons->find("backspace").has_value());
    CHECK_FALSE(icons->find("").has_value());
    CHECK_FALSE(icons->find("backs").has_value());
}

TEST_CASE("icons: those mirrored in right-to-left languages exist") {
    auto icons = Icons::parse(widgets::embedded_icons());
    auto theme = widgets::Theme::parse(widgets::embedded_tokens());
    REQUIRE(icons.has_value());
    REQUIRE(theme.has_value());
    for (const std::string& name : theme->mirrored) CHECK(icons->find(name).has_value());
}

TEST_CASE("icons: a torn or foreign file is refused at every length") {
    const base::ByteView good = widgets::embedded_icons();
    CHECK_FALSE(Icons::parse({}).has_value());
    for (std::size_t length = 0; length < 4096; length += 7)
        CHECK_FALSE(Icons::parse(good.first(length)).has_value());
    CHECK_FALSE(Icons::parse(good.first(good.size() - 1)).has_value());
    base::Bytes foreign(good.begin(), good.end());
    foreign[0] = 'X';
    CHECK_FALSE(Icons::parse(foreign).has_value());
    base::Bytes huge(good.begin(), good.end());
    huge[5] = 0xFF;
    CHECK_FALSE(Icons::parse(huge).has_value());
}

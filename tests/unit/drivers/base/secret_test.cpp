// SPDX-License-Identifier: EUPL-1.2
// Secrets are wiped when they move and die; the memory is looked at directly.
#include "drivers/base/secret.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <new>
#include <utility>

namespace {

using Pin = base::Secret<struct PinTag, 6>;

bool holds(const std::uint8_t* memory, std::size_t size, std::uint8_t byte) {
    return std::find(memory, memory + size, byte) != memory + size;
}

}  // namespace

TEST_CASE("secret: takes at most its capacity, gives back what was pushed") {
    Pin pin;
    CHECK(pin.empty());
    for (const char digit : {'1', '2', '3', '4', '5', '6'}) {
        CHECK(pin.push(static_cast<std::uint8_t>(digit)));
    }
    CHECK_FALSE(pin.push('7'));
    CHECK(base::as_text(pin.expose()) == "123456");
    pin.pop();
    CHECK(base::as_text(pin.expose()) == "12345");
    pin.wipe();
    pin.pop();
    CHECK(pin.size() == 0);
}

TEST_CASE("secret: nothing is left where it was moved from, popped or died") {
    alignas(Pin) std::uint8_t memory[sizeof(Pin)];
    const base::Bytes digits(6, 0xA7);
    Pin* pin = new (memory) Pin(digits);
    CHECK(holds(memory, sizeof memory, 0xA7));
    Pin other(std::move(*pin));
    CHECK_FALSE(holds(memory, sizeof memory, 0xA7));
    CHECK(other.size() == 6);
    *pin = std::move(other);
    CHECK(other.empty());
    for (int i = 0; i < 6; ++i) pin->pop();
    CHECK_FALSE(holds(memory, sizeof memory, 0xA7));
    *pin = Pin(digits);
    pin->~Pin();
    CHECK_FALSE(holds(memory, sizeof memory, 0xA7));
    base::Bytes bytes = digits;
    const std::uint8_t* place = bytes.data();
    base::wipe(bytes);
    CHECK(bytes.empty());
    CHECK_FALSE(holds(place, 6, 0xA7));
}

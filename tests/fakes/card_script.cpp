// SPDX-License-Identifier: EUPL-1.2
#include "tests/fakes/card_script.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "drivers/base/encoding.hpp"

namespace fakes {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

}  // namespace

CardScript::~CardScript() {
    CHECK_MESSAGE(lines_.empty(), lines_.size(), " commands never came");
}

CardScript& CardScript::expect(std::string_view command, std::string_view answer) {
    const auto bytes = base::from_hex(answer);
    REQUIRE(bytes.has_value());
    lines_.push_back({lower(command), *bytes});
    return *this;
}

CardScript& CardScript::expect_failure(std::string_view command, base::Errc code) {
    lines_.push_back({lower(command), base::fail(code, "script")});
    return *this;
}

base::Result<base::Bytes> CardScript::transmit(base::ByteView command) {
    last_command_ = base::to_hex(command);
    REQUIRE_MESSAGE(!lines_.empty(), "unexpected command ", last_command_);
    const Line line = lines_.front();
    lines_.pop_front();
    if (line.command != "*") REQUIRE(line.command == last_command_);
    return line.answer;
}

}  // namespace fakes

// SPDX-License-Identifier: EUPL-1.2
// Reading command APDUs in short and extended form: see apdu.hpp.
#include "tests/card/apdu.hpp"

namespace card {
namespace {

std::size_t read_16(View bytes, std::size_t at) {
    return static_cast<std::size_t>(bytes[at]) << 8U | bytes[at + 1];
}

// Body after the header, short form:  Le | Lc data | Lc data Le
bool read_short(View body, Command& command) {
    if (body.size() == 1) {
        command.expected = body[0] == 0 ? 256 : body[0];
        return true;
    }
    const std::size_t length = body[0];
    if (length == 0 || (body.size() != 1 + length && body.size() != 2 + length)) return false;
    command.data = to_bytes(body.subspan(1, length));
    if (body.size() == 2 + length) command.expected = body.back() == 0 ? 256 : body.back();
    return true;
}

// Body after the header, extended form:  00 Le Le | 00 Lc Lc data | 00 Lc Lc data Le Le
bool read_extended(View body, Command& command) {
    command.extended = true;
    if (body.size() == 3) {
        command.expected = read_16(body, 1) == 0 ? 65536 : read_16(body, 1);
        return true;
    }
    const std::size_t length = read_16(body, 1);
    if (length == 0 || (body.size() != 3 + length && body.size() != 5 + length)) return false;
    command.data = to_bytes(body.subspan(3, length));
    if (body.size() == 5 + length) {
        const std::size_t expected = read_16(body, 3 + length);
        command.expected = expected == 0 ? 65536 : expected;
    }
    return true;
}

}  // namespace

Command make_command(std::uint8_t cla, std::uint8_t ins, std::uint16_t p1p2, Bytes data,
                     std::size_t expected) {
    Command command;
    command.cla = cla;
    command.ins = ins;
    command.p1 = static_cast<std::uint8_t>(p1p2 >> 8U);
    command.p2 = static_cast<std::uint8_t>(p1p2);
    command.data = std::move(data);
    command.expected = expected;
    return command;
}

std::optional<Command> parse_command(View bytes) {
    if (bytes.size() < 4) return std::nullopt;
    Command command;
    command.cla = bytes[0];
    command.ins = bytes[1];
    command.p1 = bytes[2];
    command.p2 = bytes[3];
    const View body = bytes.subspan(4);
    if (body.empty()) return command;
    const bool extended = body[0] == 0 && body.size() >= 3;
    const bool good = extended ? read_extended(body, command) : read_short(body, command);
    if (!good) return std::nullopt;
    return command;
}

Bytes encode(const Answer& answer) {
    Bytes bytes = answer.data;
    bytes.push_back(static_cast<std::uint8_t>(answer.status >> 8U));
    bytes.push_back(static_cast<std::uint8_t>(answer.status));
    return bytes;
}

}  // namespace card

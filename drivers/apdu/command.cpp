// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/command.hpp"

#include <algorithm>

#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"

namespace apdu {
namespace {

auto bad(const char* where) {
    return base::fail(base::Errc::card_answer_bad, where);
}

base::Bytes header_of(const Command& command) {
    return {command.cla, command.ins, command.p1, command.p2};
}

/// Le is written modulo 256 or 65,536: the largest value is zero.
void append_le16(base::Bytes& out, std::size_t le) {
    base::append_u16(out, static_cast<std::uint16_t>(le & 0xFFFFU));
}

base::Bytes encode_extended(const Command& command) {
    CHECK(command.data.size() <= extended_data_bytes_max);
    base::Bytes out = header_of(command);
    if (command.data.empty() && !command.le) return out;
    out.push_back(0x00);
    if (!command.data.empty()) {
        base::append_u16(out, static_cast<std::uint16_t>(command.data.size()));
        base::append(out, command.data);
    }
    if (command.le) append_le16(out, *command.le);
    return out;
}

base::Bytes encode_short(const Command& command) {
    CHECK(fits_short(command));
    base::Bytes out = header_of(command);
    if (!command.data.empty()) {
        out.push_back(static_cast<std::uint8_t>(command.data.size()));
        base::append(out, command.data);
    }
    if (command.le) out.push_back(static_cast<std::uint8_t>(*command.le & 0xFFU));
    return out;
}

/// Body with extended Lc: 00 Lc Lc data [Le Le], or 00 Le Le.
base::Result<void> parse_extended(Command& command, base::ByteView body) {
    if (body.size() < 3) return bad("apdu extended");
    const std::size_t number = base::read_u16(body.subspan(1));
    if (body.size() == 3) {
        command.le = number == 0 ? extended_le_max : number;
        return {};
    }
    const base::ByteView tail = body.subspan(3);
    if (number == 0 || tail.size() < number) return bad("apdu extended lc");
    command.data.assign(tail.begin(), tail.begin() + static_cast<std::ptrdiff_t>(number));
    const base::ByteView le = tail.subspan(number);
    if (le.empty()) return {};
    if (le.size() != 2) return bad("apdu extended le");
    const std::size_t expected = base::read_u16(le);
    command.le = expected == 0 ? extended_le_max : expected;
    return {};
}

}  // namespace

bool fits_short(const Command& command) {
    return command.data.size() <= short_data_bytes_max && command.le.value_or(1) <= short_le_max;
}

base::Bytes encode(const Command& command, Length length) {
    if (command.le) CHECK(*command.le >= 1 && *command.le <= extended_le_max);
    return length == Length::extended ? encode_extended(command) : encode_short(command);
}

std::vector<Command> chain(const Command& command, std::size_t piece_bytes) {
    CHECK(piece_bytes >= 1 && piece_bytes <= short_data_bytes_max);
    std::vector<Command> pieces;
    base::ByteView rest = command.data;
    while (rest.size() > piece_bytes) {
        const base::ByteView part = rest.first(piece_bytes);
        pieces.push_back({static_cast<std::uint8_t>(command.cla | chaining_bit),
                          command.ins,
                          command.p1,
                          command.p2,
                          base::Bytes(part.begin(), part.end()),
                          {}});
        rest = rest.subspan(piece_bytes);
    }
    pieces.push_back({command.cla, command.ins, command.p1, command.p2,
                      base::Bytes(rest.begin(), rest.end()), command.le});
    return pieces;
}

base::Result<Answer> parse_answer(base::ByteView bytes) {
    if (bytes.size() < 2) return bad("apdu answer short");
    if (bytes.size() > limits::apdu_answer_bytes_max) return bad("apdu answer long");
    const base::ByteView data = bytes.first(bytes.size() - 2);
    return Answer{base::Bytes(data.begin(), data.end()), base::read_u16(bytes.last(2))};
}

base::Result<Command> parse_command(base::ByteView bytes) {
    if (bytes.size() < 4 || bytes.size() > limits::apdu_command_bytes_max) return bad("apdu size");
    Command command{bytes[0], bytes[1], bytes[2], bytes[3], {}, {}};
    const base::ByteView body = bytes.subspan(4);
    if (body.empty()) return command;
    if (body.size() == 1) {
        command.le = body[0] == 0 ? short_le_max : body[0];
        return command;
    }
    if (body[0] == 0) {
        TRY_VOID(parse_extended(command, body));
        return command;
    }
    const std::size_t size = body[0];
    if (body.size() != 1 + size && body.size() != 2 + size) return bad("apdu lc");
    command.data.assign(body.begin() + 1, body.begin() + 1 + static_cast<std::ptrdiff_t>(size));
    if (body.size() == 2 + size) command.le = body.back() == 0 ? short_le_max : body.back();
    return command;
}

}  // namespace apdu

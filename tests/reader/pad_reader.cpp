// SPDX-License-Identifier: EUPL-1.2
// The reader: see pad_reader.hpp.
#include "tests/reader/pad_reader.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

namespace reader {
namespace {

using card::Bytes;
using card::View;

constexpr std::uint32_t lengths_wrong = 0xD0000001;
constexpr std::uint32_t data_wrong = 0xD0000002;
constexpr std::uint32_t password_unknown = 0xE0000003;

Bytes number(std::uint32_t value, std::size_t size) {
    Bytes out;
    for (std::size_t i = 0; i < size; ++i) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    return out;
}

Bytes counted(View field, std::size_t size) {
    return card::join({number(static_cast<std::uint32_t>(field.size()), size), field});
}

Bytes answer(std::uint32_t result, View output) {
    return card::join({number(result, 4), counted(output, 2)});
}

/// Takes a field behind its length; nothing if it is not all there.
std::optional<Bytes> take(View& rest, std::size_t length_bytes) {
    if (rest.size() < length_bytes) return std::nullopt;
    std::size_t size = 0;
    for (std::size_t i = length_bytes; i-- > 0;) size = size << 8U | rest[i];
    rest = rest.subspan(length_bytes);
    if (rest.size() < size) return std::nullopt;
    Bytes field = card::to_bytes(rest.first(size));
    rest = rest.subspan(size);
    return field;
}

}  // namespace

std::size_t PadReader::apdu_bytes() const {
    return script_.number("apdu_bytes", 65536);
}

bool PadReader::carries(View bytes) const {
    if (apdu_bytes() > 256) return true;
    constexpr std::size_t short_command_bytes_max = 5 + 255 + 1;
    const bool extended = bytes.size() > 5 && bytes[4] == 0;
    return bytes.size() <= short_command_bytes_max && !extended;
}

std::optional<Bytes> PadReader::exchange(View command) {
    if (!carries(command)) return std::nullopt;
    auto response = exchange_(command);
    if (response && apdu_bytes() <= 256 && response->size() > 258) return std::nullopt;
    return response;
}

std::optional<Bytes> PadReader::transmit(View command) {
    const auto parsed = card::parse_command(command);
    if (!channel_ || !parsed || script_.is("protect", "no")) return exchange(command);
    if (parsed->secured()) {
        forget_channel();
        return exchange(command);
    }
    const auto answer = send(*parsed);
    if (!answer) return std::nullopt;
    return card::encode(*answer);
}

/// In the channel if there is one. A card that ends it says so in plain.
std::optional<card::Answer> PadReader::send(const card::Command& command) {
    if (!channel_) {
        const auto response = exchange(encode_command(command));
        return response ? parse_answer(*response) : std::nullopt;
    }
    const auto response = exchange(channel_->protect(command));
    if (!response) return std::nullopt;
    if (response->size() > 2) return channel_->open(*response);
    forget_channel();
    return parse_answer(*response);
}

Bytes PadReader::execute_pace(View request) {
    if (const auto fixed = script_.hex("answer")) return *fixed;
    Bytes out;
    View rest = request.empty() ? request : request.subspan(1);
    const auto input = take(rest, 2);
    if (!input || !rest.empty()) {
        out = answer(lengths_wrong, {});
    } else if (request[0] == 1) {
        const Bytes bits = script_.hex("abilities").value_or(Bytes{0xE0});
        out = answer(0, bits);
    } else if (request[0] == 2) {
        out = establish(*input);
        out.resize(out.size() - std::min<std::size_t>(out.size(), script_.number("cut", 0)));
    } else if (request[0] == 3) {
        ++asked_.ended;
        forget_channel();
        out = answer(0, {});
    } else {
        out = answer(data_wrong, {});
    }
    return out;
}

Bytes PadReader::establish(View input) {
    ++asked_.times;
    if (input.empty()) return answer(lengths_wrong, {});
    asked_.password = input[0];
    View rest = input.subspan(1);
    auto chat = take(rest, 1);
    auto pin = take(rest, 1);
    auto description = take(rest, 2);
    if (!chat || !pin || !description || !rest.empty()) return answer(lengths_wrong, {});
    asked_.chat = *chat;
    asked_.pin = *pin;
    asked_.description = *description;
    std::this_thread::sleep_for(std::chrono::milliseconds(script_.number("entry_ms", 0)));
    if (const auto result = script_.hex("result"); result && result->size() == 4) {
        Bytes reversed(result->rbegin(), result->rend());
        return card::join({reversed, number(0, 2)});
    }
    PaceInput typed{static_cast<card::PasswordId>(asked_.password), {}, *chat};
    switch (typed.password) {
        case card::PasswordId::can:
            typed.secret = script_.text("can", "500540");
            break;
        case card::PasswordId::pin:
            typed.secret = script_.text("pin", "123456");
            break;
        case card::PasswordId::puk:
            typed.secret = script_.text("puk", "9876543210");
            break;
        default:
            return answer(password_unknown, {});
    }
    PaceOutput output =
        run_pace([this](const card::Command& command) { return send(command); }, typed);
    if (output.result == 0) channel_.emplace(std::move(*output.keys));
    return answer_of(output);
}

Bytes PadReader::modify_pin(View request) {
    constexpr std::size_t head_bytes = 20;
    const card::StatusWord wrong_data = 0x6B80;
    if (const auto status = script_.hex("new_status")) return *status;
    if (request.size() < head_bytes + 4) return card::encode(wrong_data);
    const View limits = request.subspan(7, 2);  // largest, smallest number of digits
    const bool twice = request[9] == 0x01;
    const Bytes length = card::to_bytes(request.subspan(head_bytes, 4));
    const View header = request.subspan(head_bytes + 4);
    const Bytes four = number(4, 4);
    if (request[2] != 0x82 || !twice || !card::same(length, four) || header.size() != 4) {
        return card::encode(wrong_data);
    }
    const std::string typed = script_.text("new_pin", "654321");
    if (typed.size() < limits[1] || typed.size() > limits[0]) return card::encode(0x6403);
    if (script_.text("again", typed) != typed) return card::encode(0x6402);
    card::Command command;
    command.cla = header[0];
    command.ins = header[1];
    command.p1 = header[2];
    command.p2 = header[3];
    command.data = card::to_bytes(typed);
    const auto answer = send(command);
    return answer ? card::encode(*answer) : Bytes{};
}

Bytes PadReader::answer_of(const PaceOutput& output) const {
    const Bytes status =
        script_.hex("status").value_or(Bytes{static_cast<std::uint8_t>(output.select_status >> 8U),
                                             static_cast<std::uint8_t>(output.select_status)});
    Bytes card_access = output.card_access;
    if (script_.is("card_access", "wrong") && !card_access.empty()) card_access.back() ^= 1U;
    Bytes data = card::join({status, counted(card_access, 2)});
    if (output.result == 0 && !asked_.chat.empty()) {
        data = card::join({data, counted(output.authority, 1),
                           counted(output.previous_authority, 1), counted(output.chip_id, 2)});
    }
    return answer(output.result, data);
}

}  // namespace reader

// SPDX-License-Identifier: EUPL-1.2
// Reading and applying faults: see fault_script.hpp.
#include "tests/card/fault_script.hpp"

#include <charconv>
#include <utility>

#include "tests/card/tlv.hpp"

namespace card {
namespace {

constexpr std::size_t token_bytes = 8;
constexpr std::size_t mac_bytes = 8;
constexpr std::size_t status_bytes = 2;
// Longer than any reader waits.
constexpr unsigned delay_ms_max = 600'000;

template <class Number>
std::optional<Number> number_of(std::string_view text, int base) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

bool set_number(std::string_view name, std::string_view value, Fault& fault) {
    if (name == "at") {
        fault.at = number_of<std::size_t>(value, 10).value_or(0);
        return fault.at > 0;
    }
    if (name == "sw") {
        fault.status = number_of<StatusWord>(value, 16);
        return value.size() == 4 && fault.status.has_value();
    }
    if (name == "delay") {
        fault.delay_ms = number_of<unsigned>(value, 10).value_or(0);
        return fault.delay_ms > 0 && fault.delay_ms <= delay_ms_max;
    }
    return false;
}

bool set_word(std::string_view word, Fault& fault) {
    if (word == "mac=wrong") return fault.wrong_mac = true;
    if (word == "token=wrong") return fault.wrong_token = true;
    if (word == "truncate") return fault.truncate = true;
    if (word == "replay") return fault.replay = true;
    if (word == "cut") return fault.cut = true;
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos) return false;
    return set_number(word.substr(0, equals), word.substr(equals + 1), fault);
}

bool does_something(const Fault& fault) {
    return fault.status || fault.delay_ms > 0 || fault.wrong_mac || fault.wrong_token ||
           fault.truncate || fault.replay || fault.cut;
}

/// Where the token of PACE (86) or of chip authentication (82) begins in the card's answer.
std::optional<std::size_t> token_place(View data) {
    const auto outside = parse_single(data, 0x7C);
    const auto objects = outside ? parse_tlv(outside->value) : std::nullopt;
    if (!objects) return std::nullopt;
    for (const Tlv& object : *objects) {
        const bool token = object.tag == 0x86 || object.tag == 0x82;
        if (!token || object.value.size() != token_bytes) continue;
        return static_cast<std::size_t>(object.value.data() - data.data());
    }
    return std::nullopt;
}

void break_mac(Bytes& answer) {
    // ... 8E 08 checksum SW1 SW2
    constexpr std::size_t tail = 2 + mac_bytes + status_bytes;
    if (answer.size() < tail) return;
    const std::size_t at = answer.size() - tail;
    if (answer[at] == 0x8E && answer[at + 1] == mac_bytes) answer[at + 2] ^= 0x01U;
}

void cut_half(Bytes& answer) {
    const std::size_t data = answer.size() - status_bytes;
    const auto from = answer.begin() + static_cast<std::ptrdiff_t>(data / 2);
    answer.erase(from, answer.end() - status_bytes);
}

}  // namespace

std::optional<Fault> parse_fault(std::string_view text) {
    Fault fault;
    while (true) {
        const std::size_t comma = text.find(',');
        if (!set_word(text.substr(0, comma), fault)) return std::nullopt;
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    if (!does_something(fault)) return std::nullopt;
    return fault;
}

template <class Use>
void FaultScript::for_this_command(Use use) const {
    for (const Fault& fault : faults_) {
        if (fault.at == 0 || fault.at == number_) use(fault);
    }
}

unsigned FaultScript::delay_ms() const {
    unsigned sum = 0;
    for_this_command([&](const Fault& fault) { sum += fault.delay_ms; });
    return sum;
}

bool FaultScript::cut() const {
    bool any = false;
    for_this_command([&](const Fault& fault) { any = any || fault.cut; });
    return any;
}

void FaultScript::change_plain(Answer& answer) const {
    bool wrong = false;
    for_this_command([&](const Fault& fault) { wrong = wrong || fault.wrong_token; });
    if (!wrong) return;
    if (const auto place = token_place(answer.data)) answer.data[*place] ^= 0x01U;
}

Bytes FaultScript::change_sent(Bytes answer) {
    const Bytes before = std::exchange(before_, answer);
    for_this_command([&](const Fault& fault) {
        if (fault.status) answer = encode(*fault.status);
        if (fault.wrong_mac) break_mac(answer);
        if (fault.truncate) cut_half(answer);
        if (fault.replay && !before.empty()) answer = before;
    });
    return answer;
}

}  // namespace card

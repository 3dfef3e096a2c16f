// SPDX-License-Identifier: EUPL-1.2
// The fault script: what it reads, and what each fault does to an answer.
#include <doctest/doctest.h>

#include "tests/card/checks/world.hpp"
#include "tests/card/fault_script.hpp"
#include "tests/card/options.hpp"

namespace {

using namespace card;

FaultScript script(std::initializer_list<const char*> texts) {
    std::vector<Fault> faults;
    for (const char* text : texts) {
        const auto fault = parse_fault(text);
        REQUIRE(fault);
        faults.push_back(*fault);
    }
    return FaultScript(std::move(faults));
}

/// The script's answers to commands whose true answers are these.
std::vector<std::string> sent(FaultScript faults, std::initializer_list<const char*> answers) {
    std::vector<std::string> out;
    for (const char* answer : answers) {
        faults.next_command();
        out.push_back(to_hex(faults.change_sent(*from_hex(answer))));
    }
    return out;
}

using Sent = std::vector<std::string>;

TEST_CASE("fault script: words and numbers that make no sense are refused") {
    for (const char* bad :
         {"", "at=1", "at=0,cut", "at=,cut", "at=x,cut", "sw=", "sw=69", "sw=69888", "sw=zzzz",
          "delay=0", "delay=-1", "delay=600001", "mac=right", "mac", "cut,", ",cut", "pull"}) {
        const std::string text = bad;
        CAPTURE(text);
        CHECK_FALSE(parse_fault(bad));
    }
    const auto all = parse_fault("at=7,sw=6f00,delay=600000,mac=wrong,token=wrong,truncate,replay");
    REQUIRE(all);
    CHECK(all->at == 7);
    CHECK(all->status == 0x6F00);
    CHECK(all->delay_ms == 600'000);
}

TEST_CASE("fault script: a status word replaces the answer of its command and of no other") {
    CHECK(sent(script({"at=2,sw=6988"}), {"019000", "029000", "039000"}) ==
          Sent{"019000", "6988", "039000"});
    CHECK(sent(script({"sw=6f00"}), {"019000", "9000"}) == Sent{"6F00", "6F00"});
}

TEST_CASE("fault script: half of the data goes, the status word stays") {
    CHECK(sent(script({"truncate"}), {"01020304059000", "019000", "9000"}) ==
          Sent{"01029000", "9000", "9000"});
}

TEST_CASE("fault script: a replay is the true answer of the command before") {
    CHECK(sent(script({"at=1,replay", "at=2,sw=6988", "at=3,replay"}),
               {"019000", "029000", "039000"}) == Sent{"019000", "6988", "029000"});
}

TEST_CASE("fault script: only a checksum is made wrong, and only where there is one") {
    CHECK(sent(script({"mac=wrong"}), {"990290008E0801020304050607089000",
                                       "0102030405060708090A"
                                       "0B0C9000",
                                       "9000"}) ==
          Sent{"990290008E0800020304050607089000", "0102030405060708090A0B0C9000", "9000"});
}

TEST_CASE("fault script: delays add up, and a cut is a cut") {
    FaultScript faults = script({"at=2,delay=5", "delay=1", "at=3,cut"});
    faults.next_command();
    CHECK(faults.delay_ms() == 1);
    CHECK_FALSE(faults.cut());
    faults.next_command();
    CHECK(faults.delay_ms() == 6);
    faults.next_command();
    CHECK(faults.cut());
}

TEST_CASE("fault script: the card's tokens of PACE and of its chip come out wrong") {
    World w;
    const FaultScript faults = script({"token=wrong"});
    unsigned changed = 0;
    // Counted before and told to the probe unchanged, so that the whole procedure runs.
    w.card->watch([&](const Command&, Answer& answer) {
        Answer other = answer;
        faults.change_plain(other);
        if (other.data == answer.data) return;
        CHECK(other.data.size() == answer.data.size());
        CHECK(other.status == answer.status);
        ++changed;
    });
    REQUIRE(w.terminal->authenticate(w.pki, {.rights = all_rights}) == sw::ok);
    CHECK(changed == 2);
}

TEST_CASE("options: --fault may stand several times; its older forms are faults, too") {
    const std::vector<std::string> arguments = {
        "--fault", "at=5,sw=6988", "--fault", "replay", "--cut-at", "9", "--delay-ms", "3"};
    const auto parsed = parse_options(arguments);
    CHECK(parsed.error.empty());
    REQUIRE(parsed.options.faults.size() == 4);
    CHECK(parsed.options.faults[0].at == 5);
    CHECK(parsed.options.faults[2].cut);
    CHECK(parsed.options.faults[2].at == 9);
    CHECK(parsed.options.faults[3].delay_ms == 3);
    const std::vector<std::string> bad = {"--fault", "at=5"};
    CHECK(parse_options(bad).error == "bad value for --fault: at=5");
    CHECK(help_text().find("--fault") != std::string_view::npos);
}

}  // namespace

// SPDX-License-Identifier: EUPL-1.2
#include "drivers/scanner/code_lines.hpp"

#include <string>
#include <vector>

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

/// Feeds letters one millisecond apart and collects the codes.
class Line {
  public:
    std::vector<std::string> codes;

    void say(std::string_view text) {
        for (const char letter : text) {
            const auto code = lines.feed(static_cast<std::uint8_t>(letter), ++now_ms);
            if (code) codes.emplace_back(base::as_text(code->expose()));
        }
    }
    void pause(std::uint64_t ms) { now_ms += ms; }

    scanner::CodeLines lines;
    std::uint64_t now_ms = 1'000;
};

using Codes = std::vector<std::string>;

}  // namespace

TEST_CASE("code lines: one code ends with CR, LF or both, and an empty line is none") {
    Line line;
    line.say("abc\rdef\nghi\r\n\r\n\n");
    CHECK(line.codes == Codes{"abc", "def", "ghi"});
    CHECK_FALSE(line.lines.begun());
}

TEST_CASE("code lines: a code may be as long as the bound, and not a letter longer") {
    const std::string longest(limits::slip_code_bytes_max, 'x');
    Line line;
    line.say(longest + "\n");
    CHECK(line.codes == Codes{longest});
    line.say(longest + "y\n");
    CHECK(line.codes.size() == 1);
    line.say(longest + longest + "\nnext\n");
    CHECK(line.codes == Codes{longest, "next"});
}

TEST_CASE("code lines: any byte that is no visible letter drops the line, and only that") {
    for (const int byte : {0x00, 0x08, 0x1B, 0x20, 0x7F, 0x80, 0xC3, 0xFF}) {
        CAPTURE(byte);
        Line line;
        line.say(std::string("ab") + static_cast<char>(byte) + "cd\nnext\n");
        CHECK(line.codes == Codes{"next"});
    }
    Line line;
    line.say("!~\n");
    CHECK(line.codes == Codes{"!~"});
}

TEST_CASE("code lines: half a code never joins the next one") {
    Line line;
    line.say("first-ha");
    CHECK(line.lines.begun());
    line.pause(limits::slip_gap_ms);
    line.say("second\n");
    CHECK(line.codes == Codes{"second"});
    line.say("third-");
    line.pause(limits::slip_gap_ms - 2);
    line.say("whole\n");
    CHECK(line.codes == Codes{"second", "third-whole"});
}

TEST_CASE("code lines: a pause ends noise, too") {
    Line line;
    line.say("\x01noise");
    CHECK(line.lines.dropping());
    line.pause(limits::slip_gap_ms);
    line.say("code\n");
    CHECK(line.codes == Codes{"code"});
}

TEST_CASE("code lines: reset and skip forget what has begun") {
    Line line;
    line.say("ab");
    line.lines.reset();
    line.say("cd\n");
    CHECK(line.codes == Codes{"cd"});
    line.lines.skip(line.now_ms);
    line.say("tail-of-another\nwhole\n");
    CHECK(line.codes == Codes{"cd", "whole"});
    line.lines.skip(line.now_ms);
    line.pause(limits::slip_gap_ms);
    line.say("later\n");
    CHECK(line.codes == Codes{"cd", "whole", "later"});
}

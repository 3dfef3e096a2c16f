// SPDX-License-Identifier: EUPL-1.2
// A card made of a list: it expects exactly these commands in this order and gives exactly these
// answers. An unexpected command fails the test at once; commands left over fail it at the end.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "drivers/port/card_transport.hpp"

namespace fakes {

class CardScript final : public port::CardTransport {
  public:
    enum class Extended : bool { no, yes };
    explicit CardScript(Extended extended = Extended::yes) : extended_(extended == Extended::yes) {}
    ~CardScript() override;
    CardScript(const CardScript&) = delete;
    CardScript& operator=(const CardScript&) = delete;

    /// Both in hex; a command "*" fits everything (then look at `last_command`).
    CardScript& expect(std::string_view command, std::string_view answer);
    /// The next command fails with this error.
    CardScript& expect_failure(std::string_view command, base::Errc code);

    base::Result<base::Bytes> transmit(base::ByteView command) override;
    [[nodiscard]] bool extended_length() const override { return extended_; }
    [[nodiscard]] base::ByteView atr() const override { return atr_; }
    void set_atr(base::Bytes atr) { atr_ = std::move(atr); }
    [[nodiscard]] const std::string& last_command() const { return last_command_; }
    [[nodiscard]] bool done() const { return lines_.empty(); }

  private:
    struct Line {
        std::string command;
        base::Result<base::Bytes> answer;
    };
    std::deque<Line> lines_;
    std::string last_command_;
    base::Bytes atr_;
    bool extended_;
};

}  // namespace fakes

// SPDX-License-Identifier: EUPL-1.2
// What a log line looks like, byte by byte, and that a log nobody reads stops nobody.
#include "drivers/base/log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <cstdio>
#include <limits>
#include <set>
#include <string>

namespace {

constexpr std::string_view event_names[] = {
#define X(name, fields) #name,
#include "drivers/base/log_events.def"
#undef X
};

/// Standard error of this process, from here to taken().
class Captured {
  public:
    Captured() : kept_(::dup(STDERR_FILENO)), file_(std::tmpfile()) {
        REQUIRE(kept_ >= 0);
        REQUIRE(file_ != nullptr);
        REQUIRE(::dup2(::fileno(file_), STDERR_FILENO) >= 0);
    }
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;
    ~Captured() {
        give_back();
        (void)std::fclose(file_);  // only read from
    }
    std::string taken() {
        give_back();
        std::string text;
        std::rewind(file_);
        for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) {
            text += static_cast<char>(c);
        }
        return text;
    }

  private:
    void give_back() {
        if (kept_ < 0) return;
        ::dup2(kept_, STDERR_FILENO);
        ::close(kept_);
        kept_ = -1;
    }
    int kept_;
    std::FILE* file_;
};

}  // namespace

TEST_CASE("log: one line an event, fields in their order") {
    Captured captured;
    base::log(base::LogEvent::link_up);
    base::log(base::LogEvent::eid_run_finished, {{"errc", std::int64_t{0}}, {"apdus", 25}});
    base::log(base::LogEvent::program_stopped, {{"reason", "signal"}});
    base::log(base::LogEvent::link_down, {{"errc", std::numeric_limits<std::int64_t>::min()},
                                          {"errc", std::numeric_limits<std::int64_t>::max()}});
    CHECK(captured.taken() ==
          "link_up\n"
          "eid_run_finished errc=0 apdus=25\n"
          "program_stopped reason=signal\n"
          "link_down errc=-9223372036854775808 errc=9223372036854775807\n");
}

TEST_CASE("log: an error names its code by number and word, its place and its detail") {
    Captured captured;
    base::log_error({base::Errc::pin_wrong, "pace step", 0x63C2});
    const std::string line = captured.taken();
    const auto number = std::to_string(static_cast<unsigned>(base::Errc::pin_wrong));
    CHECK(line == "error errc=" + number + " name=pin_wrong where=\"pace step\" detail=25538\n");
}

TEST_CASE("log: each event has a name of its own, and its line begins with it") {
    CHECK(std::set(std::begin(event_names), std::end(event_names)).size() ==
          std::size(event_names));
    for (std::size_t i = 0; i < std::size(event_names); ++i) {
        Captured captured;
        base::log(static_cast<base::LogEvent>(i));
        CHECK(captured.taken() == std::string(event_names[i]) + "\n");
    }
}

TEST_CASE("log: a full disk stops nobody") {
    const int kept = ::dup(STDERR_FILENO);
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    REQUIRE(kept >= 0);
    REQUIRE(full >= 0);
    REQUIRE(::dup2(full, STDERR_FILENO) >= 0);
    base::log(base::LogEvent::link_up);
    ::dup2(kept, STDERR_FILENO);
    ::close(full);
    ::close(kept);
}

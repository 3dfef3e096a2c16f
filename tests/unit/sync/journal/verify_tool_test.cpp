// SPDX-License-Identifier: EUPL-1.2
// `freigabectl journal verify` as a technician meets it: exit codes and words. The file that it is
// given is examined as a copy, so it works beside a running kiosk.
#include "tests/fakes/closed_journal.hpp"
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "sync/seal/jwk.hpp"

namespace {

struct Told {
    int code = -1;
    std::string words;
    [[nodiscard]] bool says(std::string_view text) const {
        return words.find(text) != std::string::npos;
    }
};

Told tool(const std::string& arguments) {
    const std::string command =
        std::string(FREIGABE_BINARY_DIR "/bin/freigabectl journal ") + arguments + " 2>&1";
    FILE* out = ::popen(command.c_str(), "r");
    REQUIRE(out != nullptr);
    Told told;
    std::array<char, 512> buffer;
    while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), out)) {
        told.words.append(buffer.data(), got);
    }
    const int status = ::pclose(out);
    if (WIFEXITED(status)) told.code = WEXITSTATUS(status);
    return told;
}

}  // namespace

TEST_CASE("journal verify: 0 is whole, 1 is broken or unreadable, 2 is a wrong call") {
    fakes::JournalWorld world;
    const std::string file = world.options().path.string();
    {
        journal::Journal journal = world.open();
        for (int i = 0; i < 3; ++i) {
            REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
        }
        const Told beside = tool("verify " + file + " --json");
        CHECK_MESSAGE(beside.code != -1, "a running kiosk holds the file: an answer, no hang");
    }
    const Told whole = tool("verify " + file);
    CHECK(whole.code == 0);
    CHECK(whole.says("rows      3"));
    CHECK(whole.says("whole"));
    const Told as_json = tool("verify " + file + " --json");
    CHECK(as_json.code == 0);
    CHECK(as_json.says("\"ok\":true"));

    fakes::sql(world, "UPDATE record SET jwe = jwe || 'A' WHERE position = 2");
    const Told broken = tool("verify " + file);
    CHECK(broken.code == 1);
    CHECK(broken.says("BROKEN    epoch 1 seq 2: jwe hash"));
    const Told broken_json = tool("verify " + file + " --json");
    CHECK(broken_json.code == 1);
    CHECK(broken_json.says("\"ok\":false"));
    CHECK(broken_json.says("\"seq\":2"));

    CHECK(tool("verify " + file + "-missing").code == 1);
    CHECK(tool("verify").code == 2);
    CHECK(tool("verify a b").code == 2);
    CHECK(tool("mend " + file).code == 2);
}

TEST_CASE("journal theft-report and restart: what was on a lost device, and how to go on") {
    fakes::JournalWorld world;
    const std::string file = world.options().path.string();
    const std::string state = world.folder.path().string();
    {
        journal::Journal journal = world.open();
        for (int i = 0; i < 2; ++i) {
            REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
        }
    }
    const Told report = tool("theft-report " + file);
    CHECK(report.code == 0);
    CHECK(report.says("records   2"));
    CHECK(report.says("people    1"));
    CHECK_FALSE(report.says("CANARY"));
    CHECK(tool("theft-report " + file + " --json").says("\"unsent\":2"));
    CHECK(tool("theft-report " + file + "-none").code == 1);

    // A whole journal is not put aside; a broken one is, and nothing of it is lost.
    CHECK(tool("restart --state " + state).code == 1);
    fakes::sql(world, "UPDATE record SET jwe = jwe || 'A' WHERE position = 2");
    CHECK_FALSE(journal::Journal::open(world.options(), world.ports()).has_value());
    const Told restarted = tool("restart --state " + state);
    CHECK(restarted.code == 0);
    CHECK(std::filesystem::exists(file + ".lost-1"));
    CHECK(world.open().status()->rows == 0);
    CHECK(tool("restart").code == 2);
}

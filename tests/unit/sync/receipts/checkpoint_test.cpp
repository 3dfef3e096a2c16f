// SPDX-License-Identifier: EUPL-1.2
// Checkpoints: written as C2SP writes them, signed so that openssl agrees (e2e), and refused with
// each thing changed. Names of tiles: the norm's examples, and one form for each.
#include "sync/receipts/checkpoint.hpp"

#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include "drivers/crypto/random.hpp"
#include "sync/receipts/tile_path.hpp"
#include "tests/fakes/journal_world.hpp"

using base::Errc;
using receipts::Checkpoint;
using receipts::TileName;

namespace {

struct Log {
    crypto::SystemRandom random;
    crypto::KeyPair key = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair other = crypto::generate_key(crypto::Curve::p256, random);

    std::string sign(const Checkpoint& checkpoint, const crypto::KeyPair& by) {
        seal::PairSigner signer(by, random);
        const auto note = receipts::sign_checkpoint(checkpoint, by.point, signer);
        REQUIRE(note.has_value());
        return *note;
    }
    Errc refusal(const std::string& note) {
        const auto read = receipts::verify_checkpoint(note, key.point);
        return read ? Errc::cancelled : read.error().code;
    }
};

Checkpoint some(std::uint64_t size = 20'852'163) {
    Checkpoint out{"urn:freigabe:backend", {size, {}}};
    out.head.root[0] = 0xFF;
    return out;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

std::vector<std::string> parts_of(const std::string& path) {
    std::vector<std::string> parts;
    std::size_t at = 5;  // behind "tile/"
    while (true) {
        const auto end = path.find('/', at);
        parts.push_back(path.substr(at, end - at));
        if (end == std::string::npos) return parts;
        at = end + 1;
    }
}

}  // namespace

TEST_CASE("checkpoint: three lines, a blank one, the signature") {
    Log log;
    const std::string note = log.sign(some(), log.key);
    const std::string text =
        "urn:freigabe:backend\n20852163\n/wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    REQUIRE(note.starts_with(text + "\n\u2014 urn:freigabe:backend "));
    CHECK(note.ends_with("\n"));
    const auto read = receipts::verify_checkpoint(note, log.key.point);
    REQUIRE(read.has_value());
    CHECK(*read == some());
    for (const std::uint64_t size : {std::uint64_t{0}, UINT64_MAX})
        CHECK(receipts::verify_checkpoint(log.sign(some(size), log.key), log.key.point) ==
              some(size));
}

TEST_CASE("checkpoint: other signatures may stand beside ours, before and after") {
    Log log;
    const std::string note = log.sign(some(), log.key);
    const std::string strange = log.sign(some(), log.other);
    const auto line = [](const std::string& of) { return of.substr(of.rfind("\u2014")); };
    const std::string text = note.substr(0, note.rfind("\u2014"));
    CHECK(receipts::verify_checkpoint(note + line(strange), log.key.point).has_value());
    CHECK(
        receipts::verify_checkpoint(text + line(strange) + line(note), log.key.point).has_value());
    CHECK(log.refusal(strange) == Errc::receipt_bad);
    // A good signature of another's does not help a bad one of ours.
    CHECK(log.refusal(replaced(note + line(strange), "20852163", "20852164")) == Errc::receipt_bad);
}

TEST_CASE("checkpoint: whatever is changed is noticed") {
    Log log;
    const std::string note = log.sign(some(), log.key);
    const std::string bad[] = {
        "",
        "\n\n",
        note.substr(0, note.size() - 1),
        replaced(note, "20852163", "20852164"),
        replaced(note, "20852163", "020852163"),
        replaced(note, "20852163", "-1"),
        replaced(note, "20852163", "99999999999999999999"),
        replaced(note, "/wAA", "/wAB"),
        replaced(note, "/wAA", "_wAA"),
        replaced(note, "=\n", "\n"),
        replaced(note, "urn:freigabe", "urn:andere"),
        replaced(note, "\n\n", "\nextension\n\n"),
        replaced(note, "\n\n", "\n"),
        replaced(note, "\u2014 ", "- "),
        replaced(note, "\u2014 urn", "\u2014  urn"),
        note + "\n",
        std::string(limits::checkpoint_bytes_max + 1, 'a'),
    };
    for (const std::string& each : bad) {
        CAPTURE(each);
        CHECK(log.refusal(each) == Errc::receipt_bad);
    }
    for (std::size_t at = 0; at < note.size(); ++at) {
        std::string flipped = note;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x04);
        CAPTURE(at);
        CHECK(log.refusal(flipped) == Errc::receipt_bad);
    }
}

TEST_CASE("checkpoint: an origin is one word") {
    for (const char* origin : {"a", "urn:freigabe:backend", "example.com/log42"})
        CHECK(receipts::checkpoint_origin_ok(origin));
    for (const char* origin : {"", "a b", "a+b", "a\nb", "\u00e4"})
        CHECK_FALSE(receipts::checkpoint_origin_ok(origin));
    CHECK(receipts::checkpoint_origin_ok(std::string(255, 'a')));
    CHECK_FALSE(receipts::checkpoint_origin_ok(std::string(256, 'a')));
    Log log;
    seal::PairSigner signer(log.key, log.random);
    CHECK(receipts::sign_checkpoint({"a b", {}}, log.key.point, signer).error().code ==
          Errc::config_bad);
}

TEST_CASE("checkpoint: an origin says which log of its backend it is") {
    struct Row {
        std::string_view origin;
        std::uint32_t generation;
    };
    for (const Row& row :
         {Row{"urn:test", 1}, Row{"urn:test:log2", 2}, Row{"urn:test:log32767", 32'767},
          Row{"urn:test:log32768", 1}, Row{"urn:test:log1", 1}, Row{"urn:test:log02", 1},
          Row{"urn:test:log", 1}, Row{"urn:test:log2x", 1}, Row{"urn:test:log2:log3", 3},
          Row{"https://host:8443", 1}, Row{"urn:test:log-2", 1}}) {
        CAPTURE(row.origin);
        CHECK(receipts::log_generation(row.origin) == row.generation);
    }
}

TEST_CASE("tile names: the norm's examples and their way back") {
    struct Row {
        TileName name;
        const char* path;
    };
    for (const Row& row :
         {Row{{0, 0, 256}, "tile/0/000"}, Row{{1, 1'234'067, 256}, "tile/1/x001/x234/067"},
          Row{{0, 273, 112}, "tile/0/273.p/112"},
          Row{{std::nullopt, 1'000, 1}, "tile/entries/x001/000.p/1"},
          Row{{7, UINT64_MAX, 255}, "tile/7/x018/x446/x744/x073/x709/x551/615.p/255"}}) {
        CHECK(receipts::to_path(row.name) == row.path);
        const auto back = receipts::parse_tile_name(parts_of(row.path));
        REQUIRE(back.has_value());
        CHECK(*back == row.name);
    }
    for (const char* path : {"tile/0",
                             "tile/8/000",
                             "tile/00/000",
                             "tile/-1/000",
                             "tile/0/0",
                             "tile/0/0000",
                             "tile/0/x000/001",
                             "tile/0/x01/001",
                             "tile/0/x001",
                             "tile/0/001/002",
                             "tile/0/000.p",
                             "tile/0/000.p/0",
                             "tile/0/000.p/256",
                             "tile/0/000.p/01",
                             "tile/0/000.p/1/2",
                             "tile/0/000/1",
                             "tile/0/x018/x446/x744/x073/x709/x551/616",
                             "tile/Entries/000",
                             "tile/0/a00",
                             "tile/0/x018/x446/x744/x073/x709/x551/x615/000"}) {
        CAPTURE(path);
        CHECK_FALSE(receipts::parse_tile_name(parts_of(path)).has_value());
    }
}

// SPDX-License-Identifier: EUPL-1.2
// After a contact nothing typed and no key is left in the memory of the driver's process. The
// driver runs in a process of its own (this program started again), because the card, which must
// know all secrets, would otherwise be found. The card's side computes what to look for from its
// own nonces and keys, and sends it masked; the driver's side searches its heap, stack and data.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include "tests/card/card_keys.hpp"
#include "tests/card/oid.hpp"
#include "tests/card/tlv.hpp"
#include "tests/unit/drivers/eid/memory_scan.hpp"
#include "tests/unit/drivers/eid/memory_wire.hpp"
#include "tests/unit/drivers/eid/world.hpp"

#include <doctest/doctest.h>

#include <algorithm>

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace {

using eid_test::Finding;
using eid_test::pattern_mask;
using eid_test::Wire;
using eid_test::World;

enum class Flow : std::uint8_t { read = 1, change, unblock };
// Where the driver's process finds its end of the line.
constexpr int wire_descriptor = 9;
constexpr std::uint8_t tag_command = 'C';
constexpr std::uint8_t tag_done = 'D';
// The driver's process keeps this, so that the search has something to find.
constexpr std::string_view kept_text = "kept by the driver";

base::Bytes tagged(std::uint8_t tag, base::ByteView bytes) {
    const std::uint8_t head[] = {tag};
    return base::concat({head, bytes});
}

base::Bytes masked(base::Bytes bytes) {
    for (auto& byte : bytes) byte ^= pattern_mask;
    return bytes;
}

// ---- The driver's process ----

class WireTransport final : public port::CardTransport {
  public:
    explicit WireTransport(const Wire& wire) : wire_(wire) {}
    base::Result<base::Bytes> transmit(base::ByteView command) override {
        wire_.send(tagged(tag_command, command));
        return wire_.receive();
    }
    [[nodiscard]] bool extended_length() const override { return true; }
    [[nodiscard]] base::ByteView atr() const override { return card::answer_to_reset(); }

  private:
    const Wire& wire_;
};

/// One contact; everything that belongs to it is dead when this returns.
base::Result<void> contact(const Wire& wire, Flow flow) {
    World world;  // its certificates count; its card stays unused
    WireTransport transport(wire);
    const eid::PinCarePorts care{transport, world.random};
    switch (flow) {
        case Flow::read: {
            auto pin = wire.receive_secret<eid::Pin>();
            auto can = wire.receive_secret<eid::Can>();
            auto request = world.request();
            request.credentials = eid::WithPin{std::move(pin), std::move(can)};
            TRY_VOID(eid::authenticate(
                std::move(request), {transport, *world.authenticator, world.clock, world.random}));
            return {};
        }
        case Flow::change: {
            auto pin = wire.receive_secret<eid::Pin>();
            auto new_pin = wire.receive_secret<eid::Pin>();
            return eid::change_pin({std::move(pin), std::move(new_pin), {}, {}}, care);
        }
        case Flow::unblock: {
            auto puk = wire.receive_secret<eid::Puk>();
            auto new_pin = wire.receive_secret<eid::Pin>();
            return eid::unblock_pin({std::move(puk), std::move(new_pin)}, care);
        }
    }
    return base::fail(base::Errc::cancelled, "no such flow");
}

// ---- The card's process ----

struct Pattern {
    std::string name;
    base::Bytes bytes;
};

/// Learns from the commands what the driver must have known, with the card's own random numbers.
class Spy {
  public:
    Spy(World& world, std::uint32_t card_seed) : world_(world), shadow_(card_seed) {}

    void see(const card::Command& command, const card::Answer& answer) {
        if (command.ins == 0x22 && command.p1p2() == 0xC1A4) {
            const auto objects = card::parse_tlv(command.data);
            password_ = card::find(*objects, 0x83)->value[0];
        }
        if (command.ins == 0x84) challenge_ = true;
        if (command.ins != 0x86) return;
        const auto outside = card::parse_single(command.data, 0x7C);
        REQUIRE(outside.has_value());
        if (outside->value.empty()) return begin();
        const auto objects = card::parse_tlv(outside->value);
        const card::Tlv& object = objects->front();
        if (object.tag == 0x81) return map(object.value);
        if (object.tag == 0x83) return agree(object.value);
        if (object.tag == 0x85) return confirm(answer);
        if (object.tag == 0x80) chip(object.value, answer);
    }
    std::vector<Pattern> found;

  private:
    void begin() {
        nonce_ = shadow_.bytes(16);
        const auto id = static_cast<card::PasswordId>(password_);
        add("nonce of PACE", nonce_);
        add("key of the password",
            card::derive_key(world_.chip->passwords().secret(id), {}, card::KeyUse::pace_nonce));
    }
    void map(card::View terminal) {
        const auto shared = curve_.multiply(terminal, shadow_.scalar(curve_));
        const auto scaled = curve_.multiply(curve_.generator(), nonce_);
        add("shared point of the mapping", curve_.x_of(*shared));
        add("mapped generator", curve_.x_of(*curve_.add(*scaled, *shared)));
    }
    void agree(card::View terminal) {
        terminal_ = card::to_bytes(terminal);
        const card::Bytes shared = curve_.x_of(*curve_.multiply(terminal, shadow_.scalar(curve_)));
        add("shared secret of PACE", shared);
        keys_ = card::derive_session_keys(shared, {});
        add_keys("PACE");
    }
    /// The card's token proves that these are the keys of this channel.
    void confirm(const card::Answer& answer) {
        if (answer.status != card::sw::ok) return;
        const auto outside = card::parse_single(answer.data, 0x7C);
        REQUIRE(outside.has_value());
        CHECK(base::equal(
            card::parse_tlv(outside->value)->front().value,
            card::authentication_token(keys_.mac, card::oid::pace_ecdh_gm_aes_128, terminal_)));
    }
    void chip(card::View terminal, const card::Answer& answer) {
        if (!challenge_) return;
        challenge_ = false;
        const auto outside = card::parse_single(answer.data, 0x7C);
        REQUIRE(outside.has_value());
        const auto objects = card::parse_tlv(outside->value);
        const card::Tlv* nonce = card::find(*objects, 0x81);
        const card::Tlv* token = card::find(*objects, 0x82);
        REQUIRE(token != nullptr);
        const auto own = card::make_card_keys(world_.chip->id(), 0, card::ChipKey::genuine, {});
        const card::Bytes shared = curve_.x_of(*curve_.multiply(terminal, own.chip_private));
        add("shared secret of chip authentication", shared);
        keys_ = card::derive_session_keys(shared, nonce->value);
        add_keys("chip authentication");
        CHECK(base::equal(token->value, card::authentication_token(
                                            keys_.mac, card::oid::ca_ecdh_aes_128, terminal)));
    }
    void add_keys(const std::string& of) {
        add("encryption key of " + of, keys_.enc);
        add("MAC key of " + of, keys_.mac);
    }
    void add(const std::string& name, const card::Bytes& bytes) {
        found.push_back({name, bytes});
        // Big numbers lie in memory with their lowest byte first.
        found.push_back({name + ", reversed", {bytes.rbegin(), bytes.rend()}});
    }

    World& world_;
    card::SeededSource shadow_;
    card::Curve curve_ = card::Curve::brainpool_256();
    card::Bytes nonce_, terminal_;
    card::SessionKeys keys_;
    std::uint8_t password_ = 0;
    bool challenge_ = false;
};

/// Freed memory is soon overwritten in part, first at its beginning: eight bytes of a key are
/// enough.
std::vector<Pattern> in_fragments(const std::vector<Pattern>& patterns) {
    constexpr std::size_t fragment_bytes = 8;
    std::vector<Pattern> out;
    for (const Pattern& whole : patterns) {
        base::ByteView rest = whole.bytes;
        for (; rest.size() > fragment_bytes; rest = rest.subspan(fragment_bytes)) {
            const auto part = rest.first(fragment_bytes);
            out.push_back({whole.name, {part.begin(), part.end()}});
        }
        const base::ByteView last =
            base::ByteView(whole.bytes).last(std::min(fragment_bytes, whole.bytes.size()));
        out.push_back({whole.name, {last.begin(), last.end()}});
    }
    return out;
}

/// Starts this program again as the driver's process; it exits with 0 if it saw nothing wrong.
pid_t start_driver(int descriptor) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, descriptor, wire_descriptor);
    std::string program = "/proc/self/exe";
    std::string name = "--test-case=memory: the process of the driver";
    std::string all = "--no-skip";
    std::string quiet = "--minimal";
    char* const arguments[] = {program.data(), name.data(), all.data(), quiet.data(), nullptr};
    pid_t child = -1;
    REQUIRE(posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

struct Setting {
    Flow flow;
    card::PinState state;
    std::vector<std::string> typed;
    std::string_view ending = "ok";
};

/// Runs one flow in a process of its own and returns what was found there, in words.
std::vector<std::string> leftovers(const Setting& setting, bool canary = false) {
    World world;
    auto& passwords = world.chip->passwords();
    passwords = {.pin = "739164", .can = "286503", .puk = "4815926370"};
    card::enter(passwords, setting.state);
    world.reinsert();
    Spy spy(world, 2);
    world.chip->watch(
        [&](const card::Command& command, card::Answer& answer) { spy.see(command, answer); });
    int ends[2] = {};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    const pid_t child = start_driver(ends[1]);
    ::close(ends[1]);
    const Wire wire(ends[0]);
    const std::uint8_t flow[] = {static_cast<std::uint8_t>(setting.flow)};
    wire.send(flow);
    wire.send(base::as_bytes(kept_text));
    for (const auto& secret : setting.typed) wire.send(base::as_bytes(secret));
    base::Bytes message = wire.receive();
    for (; !message.empty() && message[0] == tag_command; message = wire.receive()) {
        wire.send(world.chip->process(base::ByteView(message).subspan(1)));
    }
    CHECK(base::as_text(base::ByteView(message).subspan(1)) == setting.ending);
    std::vector<Pattern> patterns = spy.found;
    for (const auto& secret : setting.typed) {
        const card::Bytes text = card::to_bytes(secret);
        patterns.push_back({"typed", text});
        patterns.push_back(
            {"key of what was typed", card::derive_key(text, {}, card::KeyUse::pace_nonce)});
    }
    patterns = in_fragments(patterns);
    REQUIRE(patterns.size() <= 0xFF);
    if (canary) patterns = {{"canary", card::to_bytes(kept_text)}};
    const std::uint8_t count[] = {static_cast<std::uint8_t>(patterns.size())};
    wire.send(count);
    for (const Pattern& pattern : patterns) wire.send(masked(pattern.bytes));
    std::vector<std::string> found;
    for (base::Bytes line = wire.receive(); !line.empty(); line = wire.receive()) {
        found.push_back(patterns.at(line[0]).name + " in " +
                        std::string(base::as_text(base::ByteView(line).subspan(1))));
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    return found;
}

}  // namespace

TEST_CASE("memory: the process of the driver" * doctest::skip()) {
    REQUIRE(::fcntl(wire_descriptor, F_GETFD) >= 0);
    const Wire wire(wire_descriptor);
    const base::Bytes flow = wire.receive();
    const base::Bytes kept = wire.receive();
    REQUIRE(flow.size() == 1);
    const auto result = contact(wire, static_cast<Flow>(flow[0]));
    wire.send(tagged(tag_done, base::as_bytes(result ? "ok" : result.error().where)));
    const base::Bytes count = wire.receive();
    REQUIRE(count.size() == 1);
    std::vector<base::Bytes> patterns;
    for (unsigned i = 0; i < count[0]; ++i) patterns.push_back(wire.receive());
    for (const Finding& finding : eid_test::scan_own_memory(patterns)) {
        const auto region = base::as_bytes(finding.region);
        wire.send(tagged(static_cast<std::uint8_t>(finding.pattern), region));
    }
    CHECK(kept.size() == kept_text.size());
}

TEST_CASE("memory: nothing typed and no key is left in the process after a contact") {
    for (const Setting& setting :
         {Setting{Flow::read, card::PinState::suspended, {"739164", "286503"}},
          Setting{Flow::read, card::PinState::suspended, {"555555", "286503"}, "pace step"},
          Setting{Flow::read, card::PinState::suspended, {"739164", "111111"}, "pace step"},
          Setting{Flow::change, card::PinState::operational, {"739164", "502817"}},
          Setting{Flow::unblock, card::PinState::blocked, {"4815926370", "502817"}}}) {
        CAPTURE(static_cast<int>(setting.flow));
        for (const std::string& place : leftovers(setting)) FAIL_CHECK(place);
    }
}

TEST_CASE("memory: the search finds what is there") {
    const auto found =
        leftovers({Flow::change, card::PinState::operational, {"739164", "502817"}}, true);
    CHECK_FALSE(found.empty());
}

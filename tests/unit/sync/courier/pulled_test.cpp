// SPDX-License-Identifier: EUPL-1.2
// The stick is pulled, breaks or fills up at every single step of an export, and what was not
// synced is lost in every way: afterwards it is complete - the old round or the new one - or
// visibly unfinished.
#include "sync/courier/folder_reader.hpp"
#include "sync/courier/folder_writer.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "sync/seal/jws.hpp"
#include "tests/fakes/journal_world.hpp"
#include "tests/fakes/usb_stick.hpp"

using courier::Direction;
using courier::FileKind;
using fakes::UsbStick;

namespace {

const base::Uuid terminal = *base::parse_uuid("0190a0b0-0000-7000-8000-000000000001");

/// The two rounds: their bodies, and their manifests signed once, so that thousands of worlds are
/// quick.
class Rounds {
  public:
    Rounds() : random_(5), key_(crypto::generate_key(crypto::Curve::p256, random_)) {
        for (const bool second : {false, true}) {
            UsbStick scratch;
            courier::FolderWriter writer(scratch, Direction::out, terminal);
            REQUIRE(add_files(writer, second));
            courier::OutManifest manifest;
            manifest.terminal = terminal;
            manifest.files = writer.files();
            seal::PairSigner signer(key_, random_);
            const seal::JwsHeader header{
                std::string(courier::typ_manifest), base::to_text(terminal), {}, {}};
            const auto jws =
                seal::sign_compact(header, base::as_bytes(courier::encode(manifest)), signer);
            REQUIRE(jws);
            (second ? new_ : old_) = *jws;
        }
    }

    [[nodiscard]] base::Result<void> write(UsbStick& stick, bool second) const {
        courier::FolderWriter writer(stick, Direction::out, terminal);
        TRY_VOID(writer.begin());
        TRY_VOID(add_files(writer, second));
        return writer.finish(second ? new_ : old_);
    }
    [[nodiscard]] const std::string& manifest(bool second) const { return second ? new_ : old_; }

  private:
    static base::Result<void> add_files(courier::FolderWriter& writer, bool second) {
        TRY_VOID(writer.add({FileKind::advance, 1}, second ? "new withdrawal" : "withdrawal"));
        TRY_VOID(writer.add({FileKind::batch, 1}, second ? "new batch one" : "batch one"));
        if (second) TRY_VOID(writer.add({FileKind::batch, 2}, "new batch two"));
        return {};
    }
    fakes::SeededRandom random_;
    crypto::KeyPair key_;
    std::string old_;
    std::string new_;
};

enum class State : std::uint8_t { unfinished, old_round, new_round, wrong };

State state_of(UsbStick& stick, const Rounds& rounds) {
    const auto read = courier::read_out(stick, terminal);
    if (!read) return State::unfinished;
    for (const auto& file : read->manifest.files)
        if (!courier::read_file(stick, {Direction::out, terminal}, file)) return State::wrong;
    return read->jws == rounds.manifest(true) ? State::new_round : State::old_round;
}

}  // namespace

TEST_CASE("courier: pulled at any step, a stick is complete or visibly unfinished") {
    const Rounds rounds;
    UsbStick counting;
    REQUIRE(rounds.write(counting, false));
    counting.fail_at({10'000, UsbStick::Fault::refuse, EIO, false});
    REQUIRE(rounds.write(counting, true));
    const unsigned steps = counting.changes();
    CHECK(steps > 10);
    unsigned unfinished = 0;
    unsigned old_rounds = 0;
    unsigned worlds = 0;
    for (unsigned step = 0; step <= steps; ++step) {
        for (const UsbStick::Fault fault : {UsbStick::Fault::refuse, UsbStick::Fault::half}) {
            for (std::uint64_t seed = 0; seed < 64; ++seed) {
                CAPTURE(step);
                CAPTURE(seed);
                UsbStick stick(seed);
                REQUIRE(rounds.write(stick, false));
                stick.fail_at({step, fault, EIO, false});
                const auto written = rounds.write(stick, true);
                CHECK(written.has_value() == (step == steps));
                stick.pull();
                const State state = state_of(stick, rounds);
                CHECK(state != State::wrong);
                if (written) CHECK(state == State::new_round);
                unfinished += state == State::unfinished ? 1 : 0;
                old_rounds += state == State::old_round ? 1 : 0;
                ++worlds;
                // And the next round makes it whole again.
                REQUIRE(rounds.write(stick, true));
                CHECK(state_of(stick, rounds) == State::new_round);
            }
        }
    }
    CHECK(worlds == (steps + 1) * 2 * 64);
    CHECK(unfinished > 100);
    CHECK(old_rounds > 10);
}

TEST_CASE("courier: a full or read-only stick fails with its reason and can be filled later") {
    const Rounds rounds;
    for (const int error : {ENOSPC, EROFS}) {
        for (unsigned step = 0; step < 8; ++step) {
            CAPTURE(step);
            UsbStick stick(step);
            stick.fail_at({step, UsbStick::Fault::half, error, true});
            const auto written = rounds.write(stick, true);
            REQUIRE_FALSE(written);
            CHECK(written.error().code == base::Errc::file_io);
            CHECK(written.error().detail == static_cast<std::uint32_t>(error));
            CHECK(state_of(stick, rounds) != State::wrong);
            REQUIRE(rounds.write(stick, true));
            CHECK(state_of(stick, rounds) == State::new_round);
        }
    }
}

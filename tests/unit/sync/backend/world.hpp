// SPDX-License-Identifier: EUPL-1.2
// What the backend's tests stand on: terminals that chain, sign and seal for real, a seeded random
// source and a clock that a test moves. Only card, clock, random and network are not real here.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "drivers/crypto/ec.hpp"
#include "drivers/port/clock.hpp"
#include "drivers/port/random.hpp"
#include "sync/backend/store/store.hpp"
#include "sync/model/batch.hpp"
#include "sync/model/declaration.hpp"

namespace test {

inline constexpr std::uint64_t start_ms =
    1'795'000'000'000;  // 2026-11-18, as a wall clock would say

/// Repeatable bytes; never for anything but tests.
class SeededRandom final : public port::Random {
  public:
    explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
    void fill(std::span<std::uint8_t> out) override;

  private:
    std::uint64_t state_;
};

class ManualClock final : public port::Clock {
  public:
    [[nodiscard]] std::uint64_t wall_ms() const override { return now_ms; }
    [[nodiscard]] std::uint64_t boot_ms() const override { return now_ms; }
    std::uint64_t now_ms = start_ms;
};

[[nodiscard]] base::Uuid uuid(std::uint8_t number);
[[nodiscard]] model::Digest tag(std::uint8_t number);
/// True if the environment names a PostgreSQL server for tests (postgresql.py does): then every
/// store of this world is one of its.
[[nodiscard]] bool on_postgresql();
/// An empty database with one connection: in memory, or on that server.
[[nodiscard]] std::unique_ptr<backend::Store> memory_store();
/// An empty database for several connections: in a new file, or on that server.
[[nodiscard]] std::unique_ptr<backend::StoreOpener> new_database();
/// The name of a new file in the build folder.
[[nodiscard]] std::string new_database_file();

/// One record to come: what header and scopes shall say.
struct Draft {
    model::Kind kind = model::Kind::grant;
    model::Scopes scopes;
    std::uint64_t observed = 0;
    std::string jwe = "sealed";
    std::uint64_t wall_ms = start_ms;
};
[[nodiscard]] Draft grant(std::uint8_t declaration, std::uint64_t observed = 0);
[[nodiscard]] Draft withdrawal(std::uint8_t declaration, model::TargetKind kind,
                               const model::Digest& target);

class Terminal {
  public:
    Terminal(std::uint8_t number, port::Random& random);
    /// A copy of the device: same id, same key, same chain so far.
    [[nodiscard]] Terminal clone() const;

    /// Chains a record onto the end and returns its seq.
    std::uint64_t append(const Draft& draft);
    /// Starts a new epoch that continues the present head, or one that continues nothing.
    void new_epoch(const model::Digest& prev);
    [[nodiscard]] const model::Digest& head() const { return prev_; }

    /// The body of a batch of the present epoch, signed.
    [[nodiscard]] std::string batch(std::uint64_t from, std::uint64_t to);
    [[nodiscard]] model::Batch batch_value(std::uint64_t from, std::uint64_t to);
    [[nodiscard]] std::string advance(const std::vector<std::uint64_t>& seqs);
    [[nodiscard]] const model::Record& record(std::uint64_t seq) const {
        return records_.at(seq - 1);
    }
    [[nodiscard]] model::Digest leaf(std::uint64_t seq) const;
    [[nodiscard]] std::string sign_head(std::uint64_t seq);
    /// The body of an enrolment with this invitation's code.
    [[nodiscard]] std::string enrolment(const std::string& code, const std::string& site);

    const base::Uuid id;
    crypto::KeyPair key;

  private:
    Terminal(const base::Uuid& id_in, crypto::KeyPair key_in, port::Random& random);

    port::Random& random_;
    std::uint32_t epoch_ = 1;
    model::Digest prev_{};
    std::vector<model::Record> records_;
};

/// Writes the terminal down as enrolled, without the ceremony (that is tested in
/// terminals_test.cpp).
void enrol(backend::Store& store, const Terminal& terminal);

/// State of every part by declaration number and part: 0 alive, 1 suspended, 2 ended.
using States = std::map<std::pair<int, int>, int>;
[[nodiscard]] States states(backend::Store& store);
/// Pairs (declaration, part) -> act, as stored.
[[nodiscard]] std::vector<std::vector<int>> effects(backend::Store& store);

}  // namespace test

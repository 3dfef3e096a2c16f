// SPDX-License-Identifier: EUPL-1.2
// A terminal that hands in batches, timed one by one to the signed receipt. For the benchmarks of
// the backend. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/backend/log/receipts.hpp"
#include "sync/backend/store/store.hpp"
#include "tests/unit/sync/backend/world.hpp"

namespace bench {

/// Wall time, which a reader compares, and processor time, which a busy machine does not change and
/// budgets are about.
struct Spent {
    double wall_s = 0;
    double cpu_s = 0;
};
[[nodiscard]] double median(const std::vector<Spent>& all, double Spent::*what);

class Stopwatch {
  public:
    /// session  a process whose time counts, too: that of the database for this connection.
    explicit Stopwatch(std::int64_t session = 0);
    [[nodiscard]] Spent spent() const;

  private:
    [[nodiscard]] double cpu_now() const;
    std::int64_t session_;
    double wall_;
    double cpu_;
};

inline constexpr std::size_t batch_records = 50;

/// A day at a terminal: two people in three grant to two recipients, the third takes everything
/// back.
[[nodiscard]] test::Draft draft_of(std::size_t number);

class Line {
  public:
    explicit Line(backend::Store& store, std::int64_t session = 0, std::uint8_t number = 1);

    /// Writes and signs batches of further days, or one of these records.
    void prepare(std::size_t batches);
    void prepare(const std::vector<test::Draft>& drafts);
    /// Takes in all that is prepared.
    void ingest();
    /// Takes in the next batch, or this one, to the signed receipt.
    void next();
    void next(const std::vector<test::Draft>& drafts);

    [[nodiscard]] const std::vector<Spent>& ingest_times() const { return ingest_; }
    [[nodiscard]] const std::vector<Spent>& receipt_times() const { return receipt_; }
    void forget_times();
    [[nodiscard]] backend::Store& store() const { return store_; }
    [[nodiscard]] const base::Uuid& id() const { return terminal_.id; }
    /// The last record that was prepared.
    [[nodiscard]] std::uint64_t last() const { return prepared_to_; }

  private:
    void take_in();

    backend::Store& store_;
    std::int64_t session_;
    std::size_t people_from_;
    test::SeededRandom random_{1};
    test::ManualClock clock_;
    test::Terminal terminal_;
    crypto::KeyPair key_ = crypto::generate_key(crypto::Curve::p256, random_);
    backend::ReceiptIssuer issuer_{"urn:bench", {key_, clock_, random_}};
    std::uint64_t prepared_to_ = 0;
    std::vector<std::string> bodies_;
    std::vector<Spent> ingest_;
    std::vector<Spent> receipt_;
};

}  // namespace bench

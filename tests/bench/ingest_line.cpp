// SPDX-License-Identifier: EUPL-1.2
#include "tests/bench/ingest_line.hpp"

#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>

#include "drivers/base/check.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/sequencer.hpp"

namespace bench {
namespace {

constexpr std::size_t jwe_bytes = 1'700;  // measured size of a sealed declaration

double wall_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

model::Digest hashed(std::size_t number, const char* what) {
    return crypto::sha256(base::as_bytes(what + std::to_string(number)));
}

/// As long as a sealed declaration, and like one it cannot be compressed.
std::string sealed(std::size_t number) {
    std::string text;
    for (std::size_t part = 0; text.size() < jwe_bytes; ++part) {
        text += base::to_base64url(hashed(number * 100 + part, "jwe"));
    }
    text.resize(jwe_bytes);
    return text;
}

}  // namespace

double median(const std::vector<Spent>& all, double Spent::*what) {
    std::vector<double> values;
    for (const Spent& each : all) values.push_back(each.*what);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

Stopwatch::Stopwatch(std::int64_t session)
    : session_(session), wall_(wall_now()), cpu_(cpu_now()) {}

Spent Stopwatch::spent() const {
    return {wall_now() - wall_, cpu_now() - cpu_};
}

double Stopwatch::cpu_now() const {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    const double ns = static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
    double other = 0;
    if (session_ != 0) std::ifstream("/proc/" + std::to_string(session_) + "/schedstat") >> other;
    return (ns + other) / 1e9;
}

test::Draft draft_of(std::size_t number) {
    const std::size_t person = number / 3;
    test::Draft draft;
    std::array<std::uint8_t, 16> id{};
    std::ranges::copy(base::ByteView(hashed(number, "id")).first(16), id.begin());
    draft.scopes.declaration = base::Uuid(id);
    draft.scopes.tag_s = hashed(person, "s");
    if (number % 3 == 2) {
        draft.kind = model::Kind::withdrawal;
        draft.scopes.targets = {{model::TargetKind::subject, draft.scopes.tag_s}};
    } else {
        for (const char* recipient : {"a", "b"}) {
            draft.scopes.parts.push_back({hashed(person, recipient), hashed(number, recipient)});
        }
    }
    draft.jwe = sealed(number);
    return draft;
}

Line::Line(backend::Store& store, std::int64_t session, std::uint8_t number)
    : store_(store),
      session_(session),
      people_from_(std::size_t{number} * 1'000'000),
      terminal_{number, random_} {
    test::enrol(store_, terminal_);
}

void Line::prepare(std::size_t batches) {
    for (std::size_t i = 0; i < batches; ++i) {
        std::vector<test::Draft> drafts;
        for (std::size_t seq = 1; seq <= batch_records; ++seq)
            drafts.push_back(draft_of(people_from_ + prepared_to_ + seq));
        prepare(drafts);
    }
}

void Line::prepare(const std::vector<test::Draft>& drafts) {
    CHECK(drafts.size() == batch_records);
    for (const test::Draft& draft : drafts) terminal_.append(draft);
    bodies_.push_back(terminal_.batch(prepared_to_ + 1, prepared_to_ + batch_records));
    prepared_to_ += batch_records;
}

void Line::ingest() {
    for (const std::string& body : bodies_) {
        const auto outcome = backend::ingest_batch(store_, terminal_.id, body);
        CHECK(outcome.has_value());
        CHECK(outcome->added == batch_records);
    }
    bodies_.clear();
}

void Line::next() {
    prepare(1);
    take_in();
}

void Line::next(const std::vector<test::Draft>& drafts) {
    prepare(drafts);
    take_in();
}

void Line::take_in() {
    const Stopwatch watch(session_);
    ingest();
    ingest_.push_back(watch.spent());
    const backend::Place from{terminal_.id, 1, prepared_to_ - batch_records + 1};
    const auto head = backend::sequence(store_);
    CHECK(head.has_value());
    const auto records = backend::logged_range(store_, from, prepared_to_);
    CHECK(records.has_value());
    CHECK(records->size() == batch_records);
    CHECK(issuer_.received(from, receipts::Lane::chain, *records, head->size).has_value());
    receipt_.push_back(watch.spent());
}

void Line::forget_times() {
    ingest_.clear();
    receipt_.clear();
}

}  // namespace bench

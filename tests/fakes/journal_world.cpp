// SPDX-License-Identifier: EUPL-1.2
// Everything around a journal, in memory.
#include "tests/fakes/journal_world.hpp"

#include <stdlib.h>

#include "drivers/base/check.hpp"
#include "drivers/crypto/ecdsa.hpp"
#include "sync/model/batch.hpp"
#include "sync/seal/jws.hpp"

namespace fakes {
namespace {

using crypto::Curve;

base::Uuid some_uuid(port::Random& random) {
    std::array<std::uint8_t, 10> bytes{};
    random.fill(bytes);
    return base::make_uuid7(1'700'000'000'000, bytes);
}

}  // namespace

void SeededRandom::fill(std::span<std::uint8_t> out) {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(engine_());
}

base::Result<base::Bytes> MemoryKeyStore::public_point(std::string_view key_name) {
    const auto found = keys_.find(key_name);
    if (found == keys_.end()) return base::fail(base::Errc::key_bad, "fake key store");
    return found->second.point.bytes;
}

base::Result<base::Bytes> MemoryKeyStore::sign_digest(std::string_view key_name,
                                                      base::ByteView digest) {
    const auto found = keys_.find(key_name);
    if (found == keys_.end()) return base::fail(base::Errc::key_bad, "fake key store");
    return crypto::ecdsa_sign(found->second, digest, random_);
}

TempFolder::TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "freigabe-test-XXXXXX").string();
    CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

TempFolder::~TempFolder() {
    std::error_code ignored;  // a folder that stays behind fails no test
    std::filesystem::remove_all(path_, ignored);
}

JournalWorld::JournalWorld(std::uint64_t seed)
    : random(seed),
      keys(random),
      views(crypto::generate_key(Curve::p256, random)),
      receipt(crypto::generate_key(Curve::p256, random)),
      terminal(some_uuid(random)) {
    crypto::KeyPair own = crypto::generate_key(Curve::p256, random);
    journal_key = own.point;
    keys.add(std::string(journal::journal_key_name), std::move(own));
}

journal::Options JournalWorld::options() const {
    journal::Options out;
    out.path = folder.path() / "journal.db";
    out.terminal = terminal;
    out.site = "JBA Test";
    out.views_key = {"views-1", views.point};
    out.receipt_key = receipt.point;
    out.reserve_bytes = 1U << 20U;
    return out;
}

journal::Journal JournalWorld::open(journal::Options options) {
    auto opened = journal::Journal::open(std::move(options), ports());
    CHECK(opened.has_value());
    return std::move(*opened);
}

std::string JournalWorld::sign(const receipts::Receipt& message) {
    seal::PairSigner signer(receipt, random);
    auto set = receipts::sign(message, "receipt-1", signer);
    CHECK(set.has_value());
    return *set;
}

receipts::ReceivedRecord JournalWorld::received(const model::Record& record) {
    const auto header = model::parse_header(record.header);
    CHECK(header.has_value());
    const auto leaf = seal::leaf_hash(record.header);
    const auto [place, added] = log_places.try_emplace(leaf, log_size);
    if (added) ++log_size;
    return {header->key.seq, leaf, header->jwe_sha256, place->second};
}

std::string JournalWorld::receipt_for_batch(std::string_view body, std::uint64_t issued_s) {
    const auto batch = model::parse_batch(body);
    CHECK(batch.has_value());
    receipts::Received event{batch->epoch, batch->from, batch->to, receipts::Lane::chain, {}, 0};
    for (const model::Record& record : batch->records) {
        event.records.push_back(received(record));
    }
    event.log_size = log_size;
    return sign({issuer, issued_s, "set-" + std::to_string(++receipts_made), terminal, event});
}

std::string JournalWorld::receipt_for_advance(std::string_view body, std::uint64_t issued_s) {
    const auto advance = model::parse_advance(body);
    CHECK(advance.has_value());
    const auto first = model::parse_header(advance->copies.front().record.header);
    CHECK(first.has_value());
    receipts::Received event{first->key.epoch, 0, 0, receipts::Lane::advance, {}, 0};
    for (const model::AdvanceCopy& copy : advance->copies) {
        event.records.push_back(received(copy.record));
    }
    event.from = event.records.front().seq;
    event.to = event.records.back().seq;
    event.log_size = log_size;
    return sign({issuer, issued_s, "set-" + std::to_string(++receipts_made), terminal, event});
}

base::Bytes pseudonym_of(std::uint8_t person) {
    return base::Bytes(32, person);
}

model::Declaration consent(std::uint8_t person, const std::vector<std::string>& recipients) {
    model::Declaration d;
    d.entry = model::EntryRef{model::EntryId("JBA-01"), "1.0", "1.0.0", {}};
    d.subject = model::SubjectRef{model::SubjectKind::pseudonym, pseudonym_of(person)};
    d.person = model::Person{"Öztürk-CANARY", "Ayşe", "2001-05-  "};
    model::Selection selection;
    selection.sources = {model::AuthorityId("jugendamt")};
    for (const std::string& each : recipients) selection.recipients.emplace_back(each);
    selection.categories = {"C04", "C07"};
    // After every clock that a test sets.
    selection.from = std::chrono::year(2040) / 1 / 1;
    selection.to = std::chrono::year(2040) / 12 / 31;
    d.selection = selection;
    d.presentation.language = "ar";
    d.presentation.contrast = "light";
    d.presentation.review_shown = true;
    return d;
}

model::Declaration withdrawal_of(std::uint8_t person, const base::Uuid& declaration) {
    model::Declaration d = withdrawal_of_all(person);
    d.targets = {model::TargetDeclaration{declaration}};
    return d;
}

model::Declaration withdrawal_of_all(std::uint8_t person) {
    model::Declaration d = consent(person);
    d.event = model::Event::withdrawn;
    d.entry.reset();
    d.selection.reset();
    d.targets = {model::TargetSubject{}};
    return d;
}

}  // namespace fakes

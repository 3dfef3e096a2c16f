// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/sync/backend/world.hpp"

#include <unistd.h>

#include <cstdlib>

#include "drivers/base/check.hpp"
#include "drivers/crypto/digest.hpp"
#include "sync/backend/store/open.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/chain.hpp"
#include "tests/unit/sync/backend/schema_pool.hpp"

namespace test {
namespace {

constexpr backend::Statement read_states{
    "SELECT declaration, part_no, state FROM part ORDER BY declaration, part_no"};
constexpr backend::Statement read_effects{
    "SELECT p.declaration, e.part_no, a.declaration, e.strength FROM effect e"
    " JOIN part p ON p.leaf = e.part_leaf AND p.part_no = e.part_no"
    " JOIN (SELECT DISTINCT leaf, declaration FROM act) a ON a.leaf = e.act_leaf ORDER BY 1, 2, 3, "
    "4"};

constexpr backend::Statement add_terminal{
    "INSERT INTO terminal (terminal, site, enrolled_ms) VALUES ($1, 'Musterstadt', 0)"};
constexpr backend::Statement add_key{
    "INSERT INTO terminal_key (terminal, key_no, public_key) VALUES ($1, 1, $2)"};

std::unique_ptr<backend::StoreOpener> file_opener(const std::string& file) {
    auto opener = backend::open_stores("sqlite:" + file);
    CHECK(opener.has_value());
    return std::move(*opener);
}

}  // namespace

void SeededRandom::fill(std::span<std::uint8_t> out) {
    // SplitMix64: short, and good enough to look random to the code under test.
    for (std::uint8_t& byte : out) {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        byte = static_cast<std::uint8_t>(mixed >> 56U);
    }
}

base::Uuid uuid(std::uint8_t number) {
    std::array<std::uint8_t, 16> bytes{};
    bytes[15] = number;
    return base::Uuid(bytes);
}

model::Digest tag(std::uint8_t number) {
    model::Digest value{};
    value[31] = number;
    return value;
}

bool on_postgresql() {
    return test_server() != nullptr;
}

std::unique_ptr<backend::Store> memory_store() {
    if (on_postgresql()) return pooled_store();
    auto store = file_opener(":memory:")->open();
    CHECK(store.has_value());
    return std::move(*store);
}

std::unique_ptr<backend::StoreOpener> new_database() {
    return on_postgresql() ? new_schema() : file_opener(new_database_file());
}

std::string new_database_file() {
    std::string folder = std::string(FREIGABE_BINARY_DIR) + "/unit_backend.XXXXXX";
    CHECK(::mkdtemp(folder.data()) != nullptr);
    return folder + "/backend.db";
}

Draft grant(std::uint8_t declaration, std::uint64_t observed) {
    Draft draft;
    draft.observed = observed;
    draft.scopes.declaration = uuid(declaration);
    draft.scopes.tag_s = tag(1);
    draft.scopes.parts = {{tag(11), tag(12)}, {tag(21), tag(22)}};
    draft.scopes.slip_hash = tag(99);
    return draft;
}

Draft withdrawal(std::uint8_t declaration, model::TargetKind kind, const model::Digest& target) {
    Draft draft;
    draft.kind = model::Kind::withdrawal;
    draft.scopes.declaration = uuid(declaration);
    draft.scopes.tag_s = tag(1);
    draft.scopes.targets = {{kind, target}};
    return draft;
}

Terminal::Terminal(std::uint8_t number, port::Random& random)
    : Terminal(uuid(number), crypto::generate_key(crypto::Curve::p256, random), random) {}

Terminal::Terminal(const base::Uuid& id_in, crypto::KeyPair key_in, port::Random& random)
    : id(id_in), key(std::move(key_in)), random_(random) {}

Terminal Terminal::clone() const {
    Terminal copy(id, {key.secret.clone(), key.point}, random_);
    copy.epoch_ = epoch_;
    copy.prev_ = prev_;
    copy.records_ = records_;
    return copy;
}

std::uint64_t Terminal::append(const Draft& draft) {
    model::Record record;
    record.scopes = model::encode(draft.scopes);
    record.jwe = draft.jwe;
    model::Header header;
    header.key = {id, epoch_, records_.size() + 1};
    header.prev = prev_;
    header.jwe_sha256 = crypto::sha256(base::as_bytes(record.jwe));
    header.scopes_sha256 = crypto::sha256(record.scopes);
    header.kind = draft.kind;
    header.observed = draft.observed;
    header.time = {draft.wall_ms + records_.size(), start_ms, model::TimeQuality::wall};
    record.header = model::encode(header);
    prev_ = seal::leaf_hash(record.header);
    records_.push_back(std::move(record));
    return records_.size();
}

void Terminal::new_epoch(const model::Digest& prev) {
    ++epoch_;
    records_.clear();
    prev_ = prev;
}

model::Digest Terminal::leaf(std::uint64_t seq) const {
    return seal::leaf_hash(record(seq).header);
}

std::string Terminal::sign_head(std::uint64_t seq) {
    seal::PairSigner signer(key, random_);
    auto head = seal::sign_head({{id, epoch_, seq}, leaf(seq)}, signer);
    CHECK(head.has_value());
    return std::move(*head);
}

model::Batch Terminal::batch_value(std::uint64_t from, std::uint64_t to) {
    model::Batch batch{id, epoch_, from, to, sign_head(to), {}};
    for (std::uint64_t seq = from; seq <= to; ++seq) batch.records.push_back(record(seq));
    return batch;
}

std::string Terminal::batch(std::uint64_t from, std::uint64_t to) {
    return model::encode(batch_value(from, to));
}

std::string Terminal::advance(const std::vector<std::uint64_t>& seqs) {
    model::Advance advance{id, {}};
    for (const std::uint64_t seq : seqs) advance.copies.push_back({sign_head(seq), record(seq)});
    return model::encode(advance);
}

std::string Terminal::enrolment(const std::string& code, const std::string& site) {
    seal::JwsHeader header;
    header.typ = seal::typ_enrolment;
    header.jwk = key.point;
    const std::string payload = model::JsonWriter()
                                    .text("terminal", base::to_text(id))
                                    .text("site", site)
                                    .text("code", code)
                                    .done();
    seal::PairSigner signer(key, random_);
    auto jws = seal::sign_compact(header, base::as_bytes(payload), signer);
    CHECK(jws.has_value());
    return std::move(*jws);
}

void enrol(backend::Store& store, const Terminal& terminal) {
    CHECK(store.run(add_terminal, {terminal.id.get()}).has_value());
    CHECK(store.run(add_key, {terminal.id.get(), terminal.key.point.bytes}).has_value());
}

States states(backend::Store& store) {
    auto rows = store.run(read_states, {});
    CHECK(rows.has_value());
    States states;
    for (const backend::Row& row : *rows) {
        states[{row.bytes(0)[15], static_cast<int>(row.number(1))}] =
            static_cast<int>(row.number(2));
    }
    return states;
}

std::vector<std::vector<int>> effects(backend::Store& store) {
    auto rows = store.run(read_effects, {});
    CHECK(rows.has_value());
    std::vector<std::vector<int>> effects;
    for (const backend::Row& row : *rows) {
        effects.push_back({row.bytes(0)[15], static_cast<int>(row.number(1)), row.bytes(2)[15],
                           static_cast<int>(row.number(3))});
    }
    return effects;
}

}  // namespace test

// SPDX-License-Identifier: EUPL-1.2
// Slips for the browser test, written by the kiosk's own journal, and a backend's database in which
// their terminals are enrolled with the real ceremony. Prints one JSON object.
//   make_slips <database>
// "good" is of a terminal whose key was changed once, "old" is from before that change, "foreign"
// of a terminal that was never enrolled; "lone_key" is another terminal's key, "worn_key" one that
// its terminal replaced by a statement on that day, both for the jose tool.
#include <cstdio>
#include <string>

#include "drivers/base/check.hpp"
#include "sync/backend/ingest/terminals.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "sync/model/json.hpp"
#include "sync/seal/key_change.hpp"
#include "tests/fakes/journal_world.hpp"

namespace {

constexpr std::uint64_t now_ms = 1'764'000'000'000;

/// Invites the terminal and enrols it, as its technician would.
void enrol(backend::Store& store, const base::Uuid& terminal, const crypto::Point& key,
           seal::Signer& signer, port::Random& random) {
    const auto code = backend::invite(store, {terminal, "Musterstadt", now_ms + 1'000}, random);
    CHECK(code.has_value());
    seal::JwsHeader header;
    header.typ = seal::typ_enrolment;
    header.jwk = key;
    const std::string payload = model::JsonWriter()
                                    .text("terminal", base::to_text(terminal))
                                    .text("site", "Musterstadt")
                                    .text("code", *code)
                                    .done();
    const auto body = seal::sign_compact(header, base::as_bytes(payload), signer);
    CHECK(body.has_value());
    CHECK(backend::enrol(store, *body, terminal, now_ms).has_value());
}

void enrol(backend::Store& store, fakes::JournalWorld& world, const base::Uuid& terminal) {
    seal::StoreSigner signer(world.keys, journal::journal_key_name);
    enrol(store, terminal, world.journal_key, signer, world.random);
}

journal::Appended print_slip(fakes::JournalWorld& world, const base::Uuid& terminal) {
    journal::Options options = world.options();
    options.terminal = terminal;
    journal::Journal journal = world.open(options);
    const auto appended = journal.append(fakes::consent(7), journal::Slip::print);
    CHECK(appended.has_value());
    return *appended;
}

int make(const std::string& database) {
    auto store = backend::SqliteStore::open(database);
    CHECK(store.has_value());
    fakes::JournalWorld before(1);
    fakes::JournalWorld after(2);
    fakes::JournalWorld stranger(3);
    fakes::JournalWorld lone(4);
    const base::Uuid& terminal = before.terminal;
    enrol(**store, before, terminal);
    enrol(**store, after, terminal);
    const crypto::KeyPair lone_key = crypto::generate_key(crypto::Curve::p256, lone.random);
    seal::PairSigner lone_signer(lone_key, lone.random);
    enrol(**store, lone.terminal, lone_key.point, lone_signer, lone.random);
    fakes::JournalWorld worn(5);
    const base::Uuid worn_terminal{std::array<std::uint8_t, 16>{0x77}};
    const crypto::KeyPair worn_key = crypto::generate_key(crypto::Curve::p256, worn.random);
    const crypto::KeyPair next_key = crypto::generate_key(crypto::Curve::p256, worn.random);
    seal::PairSigner worn_signer(worn_key, worn.random);
    enrol(**store, worn_terminal, worn_key.point, worn_signer, worn.random);
    seal::PairSigner next_signer(next_key, worn.random);
    const auto change = seal::sign_key_change({worn_terminal, 2, next_key.point}, worn_key.point,
                                              worn_signer, next_signer);
    CHECK(change.has_value());
    CHECK(backend::change_key(**store, *change, worn_terminal, now_ms).has_value());

    const journal::Appended good = print_slip(after, terminal);
    const std::string lone_id = base::to_text(lone.terminal);
    const std::string worn_id = base::to_text(worn_terminal);
    std::puts(model::JsonWriter()
                  .text("terminal", base::to_text(terminal))
                  .text("good", good.check_code)
                  .text("take_back", good.take_back_code)
                  .text("old", print_slip(before, terminal).check_code)
                  .text("foreign", print_slip(stranger, stranger.terminal).check_code)
                  .text("lone_terminal", lone_id)
                  .raw("lone_key", seal::write_private_jwk(lone_key, lone_id))
                  .text("worn_terminal", worn_id)
                  .raw("worn_key", seal::write_private_jwk(worn_key, worn_id))
                  .done()
                  .c_str());
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    return make(argv[1]);
}

// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/authorities/invitations.hpp"

#include "sync/backend/authorities/german_day.hpp"
#include "sync/backend/store/columns.hpp"
#include "sync/seal/invitation.hpp"

namespace backend {
namespace {

constexpr Statement use_slip{
    "INSERT INTO invitation_slip (authority, id, handle, used_ms) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (authority, id) DO NOTHING"};
constexpr Statement find_user{
    "SELECT handle FROM invitation_slip WHERE authority = $1 AND id = $2"};
constexpr Statement tie_person{
    "INSERT INTO assignment (authority, handle, file_number, assigned_ms) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (authority, handle) DO NOTHING"};
constexpr Statement find_tie{
    "SELECT file_number FROM assignment WHERE authority = $1 AND handle = $2"};

base::Error refused(const char* where) {
    return {base::Errc::slip_bad, where};
}

}  // namespace

base::Result<void> InvitationDesk::accept(std::string_view code, const model::SubjectRef& subject,
                                          std::string_view birth_date) {
    TRY(claimed, seal::read_invitation(code));
    const Authority* authority = parts_.directory.find(claimed.authority.get());
    if (authority == nullptr || !authority->slip_key) {
        return tl::unexpected(refused("slip.authority"));
    }
    const std::uint64_t now_ms = parts_.clock.wall_ms();
    const auto today = model::parse_date(german_day(now_ms));
    CHECK(today.has_value());
    TRY(slip, seal::verify_invitation(code, *authority->slip_key, *today));
    std::optional<seal::InvitedFile> file;
    for (const crypto::KeyPair& key : parts_.views_keys) {
        auto opened = seal::open_invited_file(slip.sealed, key, parts_.random);
        if (opened) file = std::move(*opened);
        if (file) break;
    }
    if (!file) return tl::unexpected(refused("slip.sealed"));
    if (file->birth_date != birth_date) return tl::unexpected(refused("slip.person"));
    const model::Digest handle = handle_of(*authority, subject);
    const std::string& id = slip.authority.get();
    TRY(transaction, Transaction::begin(parts_.store));
    TRY_VOID(parts_.store.run(use_slip, {id, slip.id.get(), handle, column_of(now_ms)}));
    TRY(user, parts_.store.run(find_user, {id, slip.id.get()}));
    // Erased by another program since it was written or met.
    if (user.empty()) return base::fail(base::Errc::busy, "slip.user");
    if (!base::equal(user[0].bytes(0), handle)) return tl::unexpected(refused("slip.used"));
    TRY_VOID(parts_.store.run(tie_person, {id, handle, file->file_number, column_of(now_ms)}));
    TRY(tie, parts_.store.run(find_tie, {id, handle}));
    if (tie.empty()) return base::fail(base::Errc::busy, "slip.tie");
    if (tie[0].text(0) != file->file_number) return tl::unexpected(refused("slip.file"));
    return transaction.commit();
}

}  // namespace backend

// SPDX-License-Identifier: EUPL-1.2
#include "sync/seal/invitation.hpp"

#include "drivers/base/limits.hpp"
#include "drivers/base/secret.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text_rules.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/jwe.hpp"

namespace seal {
namespace {

using base::Errc;

constexpr std::string_view typ_invitation = "freigabe-invitation+jwt";

base::Result<Invitation> parse_invitation(const ParsedJws& jws) {
    if (jws.header.typ != typ_invitation) return base::fail(Errc::slip_bad, "invitation typ");
    const auto json = model::parse_json(base::as_text(jws.payload), invitation_bytes_max);
    if (!json || !json->is_object()) return base::fail(Errc::slip_bad, "invitation json");
    model::JsonFields fields(*json);
    Invitation out;
    out.authority = model::AuthorityId(fields.text("authority", 64));
    out.id = fields.uuid("id");
    out.entry = model::EntryId(fields.text("entry", 64));
    const auto until = model::parse_date(fields.text("until", 10));
    if (until) out.until = *until;
    out.sealed = fields.text("sealed", invitation_bytes_max);
    const bool ids = model::is_id(out.authority.get()) && model::is_id(out.entry.get()) &&
                     jws.header.kid == out.authority.get();
    if (!fields.ok() || !until || !ids) return base::fail(Errc::slip_bad, "invitation members");
    return out;
}

base::Result<ParsedJws> parse_code(std::string_view code) {
    if (code.size() > invitation_bytes_max) return base::fail(Errc::slip_bad, "invitation size");
    auto jws = parse_compact(code);
    if (!jws) return base::fail(Errc::slip_bad, jws.error().where);
    return jws;
}

}  // namespace

base::Result<std::string> seal_invited_file(const InvitedFile& file, const PublicJwk& views_key,
                                            port::Random& random) {
    const bool fits = model::is_line(file.file_number, limits::file_number_bytes_max) &&
                      model::is_birth_date(file.birth_date);
    if (!fits) return base::fail(Errc::slip_bad, "invitation file");
    const std::string text = model::JsonWriter()
                                 .text("file_number", file.file_number)
                                 .text("birth_date", file.birth_date)
                                 .done();
    // Without a key id: it is a third of the length, and the backend has one key.
    return seal_jwe(base::as_bytes(text), {"", views_key.point}, random);
}

base::Result<InvitedFile> open_invited_file(std::string_view sealed, const crypto::KeyPair& views,
                                            port::Random& random) {
    TRY(plain, open_jwe(sealed, views, random));
    const auto json = model::parse_json(base::as_text(plain), invitation_bytes_max);
    base::wipe(plain);
    if (!json || !json->is_object()) return base::fail(Errc::slip_bad, "invitation file");
    model::JsonFields fields(*json);
    InvitedFile out;
    out.file_number = fields.text("file_number", limits::file_number_bytes_max);
    out.birth_date = fields.text("birth_date", 10);
    if (!fields.ok() || !model::is_birth_date(out.birth_date)) {
        return base::fail(Errc::slip_bad, "invitation file");
    }
    return out;
}

base::Result<std::string> sign_invitation(const Invitation& invitation, Signer& authority) {
    const std::string payload = model::JsonWriter()
                                    .text("authority", invitation.authority.get())
                                    .text("id", base::to_text(invitation.id))
                                    .text("entry", invitation.entry.get())
                                    .text("until", model::to_text(invitation.until))
                                    .text("sealed", invitation.sealed)
                                    .done();
    const JwsHeader header{.typ = std::string(typ_invitation),
                           .kid = invitation.authority.get(),
                           .role = "",
                           .jwk = {}};
    TRY(code, sign_compact(header, base::as_bytes(payload), authority));
    if (code.size() > invitation_bytes_max) return base::fail(Errc::slip_bad, "invitation size");
    return code;
}

base::Result<Invitation> read_invitation(std::string_view code) {
    TRY(jws, parse_code(code));
    return parse_invitation(jws);
}

base::Result<Invitation> verify_invitation(std::string_view code, const crypto::Point& authority,
                                           const model::Date& today) {
    TRY(jws, parse_code(code));
    TRY(invitation, parse_invitation(jws));
    if (!verify(jws, authority)) return base::fail(Errc::slip_bad, "invitation signature");
    if (std::chrono::sys_days(invitation.until) < std::chrono::sys_days(today)) {
        return base::fail(Errc::slip_bad, "invitation over");
    }
    return invitation;
}

}  // namespace seal

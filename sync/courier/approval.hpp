// SPDX-License-Identifier: EUPL-1.2
// Two people have to agree before records leave a terminal on a stick: one technician and one of
// the staff, and not one person with two cards. What they sign is one request for one terminal, for
// an hour; each signature is a JWS of the general form (kid = thumbprint, role in the protected
// header):
//   payload    {"schema":"freigabe-courier-request-1","terminal","id":uuid,"expires_ms"}
//   approvers  {"approvers":[{"person","role":"technician"|"staff","key":JWK}...]}, part of the
//   terminal's
//              configuration
// Pure but for the signing key, any thread. Whoever shows the question to people (the maintenance
// screen with role cards, or freigabectl with key files) writes the result where syncd looks
// (sync/syncd/courier_desk.hpp). Norm: RFC 7515 7.2.1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/base/uuid.hpp"
#include "sync/seal/jws.hpp"

namespace courier {

inline constexpr std::string_view role_technician = "technician";
inline constexpr std::string_view role_staff = "staff";

struct Approver {
    std::string person;
    seal::NamedKey key;  ///< kid = thumbprint
};
/// errors  config_bad: JSON, members, a role or key that does not fit, a key that stands twice.
base::Result<std::vector<Approver>> parse_approvers(std::string_view json);

struct ExportRequest {
    base::Uuid terminal;
    base::Uuid id;                 ///< UUIDv7, for one use
    std::uint64_t expires_ms = 0;  ///< Unix milliseconds
};
/// The first signature. errors: those of the signer.
base::Result<std::string> sign_request(const ExportRequest& request,
                                       const seal::GeneralSigner& signer);
/// The second. errors: message_bad, those of the signer.
base::Result<std::string> add_approval(std::string_view request, const seal::GeneralSigner& signer);
/// What is asked for, unverified: shown to people before they sign. errors: message_bad.
base::Result<ExportRequest> read_request(std::string_view request);

/// Verifies that two different people, one technician and one of the staff, agree to this.
/// errors  message_bad (form), signature_bad, manifest_untrusted (not these two),
///         peer_not_allowed (another terminal), manifest_expired (over, or valid for longer than
///         courier_request_ms_max from now).
base::Result<ExportRequest> verify_request(std::string_view request,
                                           const std::vector<Approver>& approvers,
                                           const base::Uuid& terminal, std::uint64_t now_ms);

}  // namespace courier

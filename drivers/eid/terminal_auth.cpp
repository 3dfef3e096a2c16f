// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/terminal_auth.hpp"

#include <algorithm>
#include <utility>

#include "drivers/apdu/status.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/base/limits.hpp"

namespace eid {
namespace {

constexpr std::uint8_t ins_manage_security = 0x22;
constexpr std::uint8_t ins_perform_security = 0x2A;
constexpr std::uint8_t ins_get_challenge = 0x84;
constexpr std::uint8_t ins_external_authenticate = 0x82;
constexpr std::size_t challenge_bytes = 8;

auto refused(const char* where, std::uint16_t status) {
    return base::fail(base::Errc::terminal_auth_refused, where, status);
}

base::Result<void> present(Channel& channel, const CvCertificate& certificate) {
    TRY(selected, channel.send({0x00,
                                ins_manage_security,
                                0x81,
                                0xB6,
                                apdu::tlv(0x83, base::as_bytes(certificate.authority_reference)),
                                {}}));
    if (!selected.ok()) return refused("select issuer key", selected.sw);
    TRY(verified,
        channel.send({0x00, ins_perform_security, 0x00, 0xBE, certificate.card_form(), {}}));
    // Cards answer 6984 to certificates outside their dates as the card knows them (eid.md, rule
    // 16).
    if (verified.sw == apdu::sw::data_invalid) {
        return base::fail(base::Errc::certificate_expired, "verify certificate", verified.sw);
    }
    if (!verified.ok()) return refused("verify certificate", verified.sw);
    return {};
}

base::Result<void> select_key(Channel& channel, const CvCertificate& terminal,
                              const TerminalAuthInput& input) {
    base::Bytes data = apdu::tlv(0x80, base::ByteView(terminal.key.algorithm));
    apdu::append_tlv(data, 0x83, base::as_bytes(terminal.holder_reference));
    base::append(data, input.auxiliary);
    apdu::append_tlv(data, 0x91, input.ephemeral_key);
    TRY(answer, channel.send({0x00, ins_manage_security, 0x81, 0xA4, std::move(data), {}}));
    if (!answer.ok()) return refused("select terminal key", answer.sw);
    return {};
}

}  // namespace

Rights TerminalChain::rights() const {
    Rights rights = terminal.chat.rights;
    const CvCertificate* holder = &terminal;
    for (std::size_t i = 0; i < limits::certificate_chain_length_max; ++i) {
        const auto issuers = issuers_of(*holder, pool);
        if (issuers.empty()) break;
        holder = issuers.front();
        rights = rights & holder->chat.rights;
        if (holder->chat.role == Role::cvca) break;
    }
    return rights;
}

std::vector<std::string> TerminalChain::roots() const {
    std::vector<std::string> names;
    const auto add = [&](const CvCertificate& certificate) {
        if (issuers_of(certificate, pool).empty()) {
            names.push_back(certificate.authority_reference);
        }
    };
    add(terminal);
    for (const CvCertificate& certificate : pool) add(certificate);
    return names;
}

base::Result<TerminalChain> load_chain(const port::TerminalAuthenticator& authenticator) {
    TerminalChain chain;
    TRY(terminal, parse_cv_certificate(authenticator.terminal_certificate()));
    if (terminal.chat.role != Role::terminal) {
        return base::fail(base::Errc::certificate_chain_bad, "no terminal certificate");
    }
    chain.terminal = std::move(terminal);
    const auto& others = authenticator.chain_certificates();
    if (others.size() > limits::certificate_pool_max) {
        return base::fail(base::Errc::certificate_chain_bad, "too many certificates");
    }
    for (const base::Bytes& der : others) {
        TRY(certificate, parse_cv_certificate(der));
        chain.pool.push_back(std::move(certificate));
    }
    return chain;
}

base::Result<void> check_dates(const TerminalChain& chain, const Date& today) {
    const auto outside = [&](const CvCertificate& certificate) {
        return today < certificate.effective || today > certificate.expiration;
    };
    const auto expired = [] {
        return base::fail(base::Errc::certificate_expired, "certificate dates");
    };
    if (outside(chain.terminal)) return expired();
    const auto issuers = issuers_of(chain.terminal, chain.pool);
    const bool none_valid =
        std::ranges::all_of(issuers, [&](const CvCertificate* issuer) { return outside(*issuer); });
    if (!issuers.empty() && none_valid) return expired();
    return {};
}

base::Result<void> run_terminal_auth(Channel& channel, const TerminalChain& chain,
                                     port::TerminalAuthenticator& authenticator,
                                     const TerminalAuthInput& input) {
    // A card that names no authority gets the whole chain that is at hand.
    const auto& references = input.card_references.empty() ? chain.roots() : input.card_references;
    TRY(path, find_path(chain.terminal, chain.pool, references));
    for (const CvCertificate* certificate : path) TRY_VOID(present(channel, *certificate));
    TRY_VOID(select_key(channel, chain.terminal, input));
    TRY(challenge, channel.send({0x00, ins_get_challenge, 0x00, 0x00, {}, challenge_bytes}));
    if (!challenge.ok() || challenge.data.size() != challenge_bytes) {
        return refused("challenge", challenge.sw);
    }
    TRY(signature, authenticator.sign(base::concat(
                       {input.chip_id, challenge.data, input.ephemeral_key, input.auxiliary})));
    TRY(answer, channel.send({0x00, ins_external_authenticate, 0x00, 0x00, signature, {}}));
    if (!answer.ok()) return refused("external authenticate", answer.sw);
    return {};
}

}  // namespace eid

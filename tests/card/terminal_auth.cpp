// SPDX-License-Identifier: EUPL-1.2
// Terminal Authentication version 2, card side: see terminal_auth.hpp.
#include "tests/card/terminal_auth.hpp"

#include "tests/card/tlv.hpp"

namespace card {
namespace {

bool is_dv(Role role) {
    return role == Role::dv_domestic || role == Role::dv_foreign;
}

// CVCA signs CVCA (link) and DV, DV signs terminals; nothing else (TR-03110-2 2.2).
bool may_sign(Role issuer, Role holder) {
    if (issuer == Role::cvca) return holder == Role::cvca || is_dv(holder);
    return is_dv(issuer) && holder == Role::terminal;
}

// Whose dates the clock believes: CVCA, domestic DV, and terminals of a domestic DV.
bool is_accurate(Role issuer, Role holder) {
    return holder == Role::cvca || holder == Role::dv_domestic || issuer == Role::dv_domestic;
}

// An authenticated terminal of the right kind stands at the other end of a channel, once.
bool may_run(const SecurityStatus& status) {
    return status.pace && status.pace->chat && !status.pace->transport_pin && !status.terminal;
}

}  // namespace

std::optional<std::vector<AuxiliaryDatum>> parse_auxiliary(View content) {
    const auto templates = parse_tlv(content);
    if (!templates || templates->empty()) return std::nullopt;
    std::vector<AuxiliaryDatum> auxiliary;
    for (const Tlv& entry : *templates) {
        const auto objects = parse_tlv(entry.value);
        if (entry.tag != 0x73 || !objects || objects->size() != 2) return std::nullopt;
        if ((*objects)[0].tag != 0x06 || (*objects)[1].tag != 0x53) return std::nullopt;
        auxiliary.push_back({to_bytes((*objects)[0].value), to_bytes((*objects)[1].value)});
    }
    return auxiliary;
}

StatusWord TerminalAuthentication::set_dst(View data, const SecurityStatus& status) {
    chosen_.reset();
    if (!may_run(status)) return sw::security_status;
    const auto reference = parse_single(data, 0x83);
    if (!reference) return sw::wrong_data;
    const std::string holder = to_text(reference->value);
    if (temporary_ && temporary_->certificate.holder == holder) {
        chosen_ = temporary_;
        return sw::ok;
    }
    const TrustPoint* point = trust_points_.find(holder);
    if (point == nullptr) return sw::reference_missing;
    chosen_ = Link{point->certificate, point->curve,
                   point->certificate.chat.rights & status.pace->chat->rights};
    return sw::ok;
}

StatusWord TerminalAuthentication::verify_certificate(View data, const SecurityStatus& status) {
    if (!may_run(status)) return sw::security_status;
    if (!chosen_) return sw::conditions;
    const Link issuer = *chosen_;
    chosen_.reset();
    const auto certificate = parse_certificate_body(data);
    if (!certificate) return sw::wrong_data;
    if (certificate->authority != issuer.certificate.holder) return sw::reference_missing;
    const StatusWord judgement = judge(*certificate, issuer);
    if (judgement != sw::ok) return judgement;
    return import(*certificate, issuer);
}

StatusWord TerminalAuthentication::judge(const CvCertificate& certificate,
                                         const Link& issuer) const {
    const Role role = certificate.chat.role;
    if (!may_sign(issuer.certificate.chat.role, role)) return sw::not_usable;
    // Document verifiers and terminals inherit the curve and must not bring one (C.1.3).
    if (role != Role::cvca && certificate.key.parameters) return sw::not_usable;
    if (role != Role::cvca && !issuer.curve.contains(certificate.key.point)) return sw::not_usable;
    if (!issuer.curve.verify(issuer.certificate.key.hash, certificate.body,
                             issuer.certificate.key.point, certificate.signature)) {
        return sw::not_usable;
    }
    // An expired link certificate still leads to the authority of today; nothing else may be old.
    if (role != Role::cvca && certificate.expiration < trust_points_.today()) {
        return sw::not_usable;
    }
    return sw::ok;
}

StatusWord TerminalAuthentication::import(const CvCertificate& certificate, const Link& issuer) {
    const Role role = certificate.chat.role;
    if (role == Role::cvca) {
        if (!trust_points_.add_link(certificate, issuer.curve)) return sw::not_usable;
    } else {
        temporary_ = Link{certificate, issuer.curve, issuer.rights & certificate.chat.rights};
    }
    if (is_accurate(issuer.certificate.chat.role, role)) {
        trust_points_.advance(certificate.effective);
    }
    return sw::ok;
}

StatusWord TerminalAuthentication::set_at(View data, const SecurityStatus& status) {
    setup_.reset();
    challenge_.clear();
    if (!may_run(status)) return sw::security_status;
    const auto objects = parse_tlv(data);
    if (!objects) return sw::wrong_data;
    for (const Tlv& object : *objects) {
        const bool known =
            object.tag == 0x80 || object.tag == 0x83 || object.tag == 0x91 || object.tag == 0x67;
        if (!known || count(*objects, object.tag) != 1) return sw::wrong_data;
    }
    const Tlv* protocol = find(*objects, 0x80);
    const Tlv* holder = find(*objects, 0x83);
    const Tlv* key = find(*objects, 0x91);
    if (protocol == nullptr || holder == nullptr || key == nullptr) return sw::wrong_data;
    if (!temporary_ || temporary_->certificate.chat.role != Role::terminal ||
        temporary_->certificate.holder != to_text(holder->value)) {
        return sw::reference_missing;
    }
    if (!same(protocol->value, temporary_->certificate.key.oid)) return sw::wrong_data;
    Setup setup;
    setup.compressed_key = to_bytes(key->value);
    if (const Tlv* auxiliary = find(*objects, 0x67)) {
        auto entries = parse_auxiliary(auxiliary->value);
        if (!entries) return sw::wrong_data;
        setup.auxiliary = std::move(*entries);
        setup.auxiliary_template = to_bytes(auxiliary->whole);
    }
    setup_ = std::move(setup);
    return sw::ok;
}

Answer TerminalAuthentication::get_challenge(std::size_t expected, const SecurityStatus& status) {
    challenge_.clear();
    if (!may_run(status)) return sw::security_status;
    if (expected < 8) return sw::wrong_length;
    challenge_ = random_.bytes(8);
    return Answer(challenge_);
}

StatusWord TerminalAuthentication::external_authenticate(View signature, SecurityStatus& status) {
    if (!may_run(status)) return sw::security_status;
    if (!setup_ || challenge_.empty()) return sw::conditions;
    const Bytes challenge = std::move(challenge_);
    challenge_.clear();
    const CvCertificate& terminal = temporary_->certificate;
    const Bytes message =
        join({status.pace->chip_id, challenge, setup_->compressed_key, setup_->auxiliary_template});
    if (!temporary_->curve.verify(terminal.key.hash, message, terminal.key.point, signature)) {
        return sw::failed;
    }
    const bool on_site = status.pace->password == PasswordId::can;
    if (on_site && !temporary_->rights.has(right::can_allowed)) return sw::conditions;
    status.terminal =
        TerminalResult{temporary_->rights, setup_->compressed_key, terminal.first_sector_hash,
                       terminal.second_sector_hash, setup_->auxiliary};
    return sw::ok;
}

}  // namespace card

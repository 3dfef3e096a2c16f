// SPDX-License-Identifier: EUPL-1.2
// How acts of one person find each other without naming the person.
#include "sync/seal/scope_tags.hpp"

#include <array>
#include <string>

#include "drivers/base/check.hpp"
#include "drivers/base/handle.hpp"
#include "drivers/crypto/digest.hpp"

namespace seal {
namespace {

model::Digest tag(const SubjectKey& key, const std::string& text) {
    return crypto::hmac_sha256(key.expose(), base::as_bytes(text));
}

model::ScopeTarget scope_target(const model::Target& target, const SubjectKey& key) {
    using model::TargetKind;
    return std::visit(
        base::Overloaded{
            [](const model::TargetDeclaration& t) {
                return model::ScopeTarget{TargetKind::declaration,
                                          model::declaration_value(t.declaration)};
            },
            [&](const model::TargetSubject&) {
                return model::ScopeTarget{TargetKind::subject, tag_subject(key)};
            },
            [&](const model::TargetRecipient& t) {
                return model::ScopeTarget{TargetKind::recipient, tag_recipient(key, t.recipient)};
            },
            [&](const model::TargetEntryRecipient& t) {
                return model::ScopeTarget{TargetKind::entry_recipient,
                                          tag_entry_recipient(key, t.entry, t.recipient)};
            }},
        target);
}

}  // namespace

SubjectKey subject_key(base::ByteView subject_value) {
    std::array<std::uint8_t, SubjectKey::capacity> key{};
    crypto::hkdf_sha256(subject_value, {}, base::as_bytes("freigabe subject key"), key);
    SubjectKey out{base::ByteView(key)};
    base::wipe_memory(key.data(), key.size());
    return out;
}

model::Digest tag_subject(const SubjectKey& key) {
    return tag(key, "s");
}

model::Digest tag_recipient(const SubjectKey& key, const model::AuthorityId& recipient) {
    return tag(key, "r|" + recipient.get());
}

model::Digest tag_entry_recipient(const SubjectKey& key, const model::EntryId& entry,
                                  const model::AuthorityId& recipient) {
    return tag(key, "e|" + entry.get() + "|" + recipient.get());
}

model::Scopes scopes_of(const model::Declaration& declaration) {
    model::Scopes scopes;
    scopes.declaration = declaration.id;
    SubjectKey key;
    if (declaration.subject) {
        key = subject_key(declaration.subject->value);
        scopes.tag_s = tag_subject(key);
    }
    if (declaration.event == model::Event::given) {
        CHECK(declaration.entry && declaration.selection && declaration.subject);
        for (const model::AuthorityId& recipient : declaration.selection->recipients) {
            scopes.parts.push_back({tag_recipient(key, recipient),
                                    tag_entry_recipient(key, declaration.entry->id, recipient)});
        }
    }
    for (const model::Target& target : declaration.targets) {
        scopes.targets.push_back(scope_target(target, key));
    }
    if (declaration.slip_hash) scopes.slip_hash = *declaration.slip_hash;
    return scopes;
}

}  // namespace seal

// SPDX-License-Identifier: EUPL-1.2
// What a case worker does: look at the inbox, assign a person to a file once, ask what may be used,
// say what was done. The caller has proved who the authority is; each call names it and touches
// nothing of another. Names and birth dates exist only between opening and answering. Runs on the
// thread of its store. Norm: architecture.md 4 (the person), domain LR-52.
#pragma once

#include <string>

#include "sync/backend/authorities/cases.hpp"
#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/log/receipts.hpp"
#include "sync/backend/views/opener.hpp"

namespace backend {

enum class AssignmentVerdict : std::uint8_t { assigned, not_found, taken };

class Desk {
  public:
    struct Parts {
        Store& store;
        const Opener& opener;
        const Directory& directory;
        const ReceiptIssuer& issuer;
        port::Clock& clock;
    };
    explicit Desk(Parts parts) : parts_(parts) {}

    /// A page of the inbox on its way: as it stood at the beginning, opened item by item.
    struct InboxPage {
        std::string authority;
        std::uint64_t from = 0;
        std::uint64_t total = 0;
        std::vector<Case> cases;
        std::vector<base::Bytes> ambiguous;
        std::vector<std::string> items;  ///< those that have been opened, as JSON

        [[nodiscard]] bool done() const { return items.size() == cases.size(); }
    };
    /// The page that begins after `from` items, with nothing opened yet. errors: those of the
    /// store.
    base::Result<InboxPage> begin_inbox(std::string_view authority, std::uint64_t from) const;
    /// Opens the next items, at most so many; each costs 1 ms. errors: those of the store.
    base::Result<void> open_items(InboxPage& page, std::size_t count) const;
    /// The page as JSON, with names; it is done (CHECKed). `next` is where the following one
    /// begins, if there is one.
    [[nodiscard]] std::string json_of(const InboxPage& page) const;

    /// One item of it, as it stands now; nothing if this authority has no such declaration.
    base::Result<std::optional<std::string>> item(std::string_view authority,
                                                  const base::Uuid& declaration) const;

    /// Ties the person behind a declaration to a file, for all their declarations. The same file
    /// again is fine. returns  taken: the person has another file already.
    base::Result<AssignmentVerdict> assign(std::string_view authority,
                                           const base::Uuid& declaration,
                                           std::string_view file_number);

    /// A question before data is used. With `recipient`: may we, as the source, tell this one?
    struct Question {
        std::string file_number;
        std::string entry;
        std::string recipient;  ///< empty = may we use it ourselves?
    };
    /// {"may_use":bool,"until","declaration","proof"} as JSON; the proof is a receipt of the
    /// record.
    base::Result<std::string> usable(std::string_view authority, const Question& question) const;

    /// What an authority says that it did about a declaration.
    struct Settlement {
        receipts::AppliedState state = receipts::AppliedState::applied;
        std::string reason;  ///< a code, or empty; see is_reason
    };
    enum class SettleRefusal : std::uint8_t { not_found, not_source };
    struct Settled {
        std::optional<SettleRefusal> refusal;
        std::string body;  ///< {"declaration","state","at",["reason"]} as it stands now
    };
    /// Says what was done about a declaration, or about its withdrawal if it is withdrawn; its
    /// terminal is told. Only a source can withhold (§ 64 Abs. 2 SGB VIII).
    base::Result<Settled> settle(std::string_view authority, const base::Uuid& declaration,
                                 const Settlement& settlement);
    /// True for a reason code that goes with this state; an empty one goes with each.
    [[nodiscard]] static bool is_reason(receipts::AppliedState state, std::string_view reason);

  private:
    [[nodiscard]] std::string today() const;
    base::Result<std::string> item_json(const Case& item, bool ambiguous) const;
    /// What only the sealed declaration knows, as JSON.
    struct Opened {
        std::string person = "null";
        std::string sources = "[]";
    };
    base::Result<Opened> opened(const Case& item) const;
    base::Result<std::string> proof_of(const Case& item) const;

    Parts parts_;
};

}  // namespace backend

// SPDX-License-Identifier: EUPL-1.2
#include "sync/backend/evidence/judge.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "sync/backend/evidence/verify.hpp"

namespace backend {
namespace {

struct Stand {
    const EvidenceRecord& record;
    const EvidenceStanding& says;
};

Part part_of(const Stand& stand, std::size_t number) {
    const auto& [record, says] = stand;
    const model::ScopePart& scope = record.scopes.parts.at(number);
    return {record.header.key,
            record.header.kind,
            model::declaration_value(record.scopes.declaration),
            record.scopes.tag_s,
            scope.tag_sr,
            scope.tag_er,
            record.scopes.slip_hash,
            says.observed,
            record.log_index,
            says.on_chain};
}

Act act_of(const Stand& stand, const model::ScopeTarget& target, bool on_chain) {
    const auto& [record, says] = stand;
    return {record.header.key, record.header.kind,  target.kind,
            target.value,      record.scopes.tag_s, record.scopes.slip_hash,
            says.observed,     record.log_index,    on_chain};
}

Effect strongest(const Stand& act, const Part& part, const Lineage& lineage, bool on_chain) {
    Effect effect = Effect::none;
    for (const model::ScopeTarget& target : act.record.scopes.targets)
        effect = std::max(effect, effect_of(act_of(act, target, on_chain), part, lineage));
    return effect;
}

Lineage lineage_of(const EvidenceEffects& claimed, const base::Uuid& terminal) {
    Lineage out;
    for (const EvidenceBase& each : claimed.lineage)
        if (each.terminal == terminal) out.push_back(each.base);
    return out;
}

/// Holds claims against the rule; what was looked at is taken out of `open`.
class Judge {
  public:
    Judge(const std::vector<EvidenceRecord>& records, const EvidenceEffects& claimed)
        : records_(records), claimed_(claimed) {
        for (const EvidenceEffect& each : claimed.effects)
            open_[{each.part_of, each.part, each.act}] = each.effect;
    }

    base::Result<void> run() {
        if (open_.size() != claimed_.effects.size())
            return base::fail(base::Errc::record_bad, "evidence.effect_twice");
        for (std::size_t i = 0; i < records_.size(); ++i) TRY_VOID(parts(i));
        if (!open_.empty()) return base::fail(base::Errc::record_bad, "evidence.effect");
        return {};
    }

  private:
    [[nodiscard]] Stand stand(std::size_t i) const { return {records_[i], claimed_.records[i]}; }

    base::Result<void> parts(std::size_t i) {
        const std::uint64_t observed = claimed_.records[i].observed;
        // A claim above the log proved nothing and counts as 0, one of an earlier log only as far
        // as the present one is the same (log/log_names.hpp); more than was claimed never stands
        // there.
        if (observed > model::log_size_of(records_[i].header.observed))
            return base::fail(base::Errc::record_bad, "evidence.observed", number_of(i));
        const Lineage lineage = lineage_of(claimed_, records_[i].header.key.terminal);
        for (std::size_t part = 0; part < records_[i].scopes.parts.size(); ++part)
            for (std::size_t act = 0; act < records_.size(); ++act)
                if (act != i && !fits(i, part, act, lineage))
                    return base::fail(base::Errc::record_bad, "evidence.rule", number_of(i));
        return {};
    }

    [[nodiscard]] bool fits(std::size_t i, std::size_t number, std::size_t act,
                            const Lineage& lineage) {
        const Part part = part_of(stand(i), number);
        const Effect now = strongest(stand(act), part, lineage, claimed_.records[act].on_chain);
        // It may have come as a fork before it came by its chain: what it ended then stays ended.
        const Effect once = strongest(stand(act), part, lineage, false);
        Effect claim = Effect::none;
        if (const auto found = open_.find({i + 1, number, act + 1}); found != open_.end()) {
            claim = found->second;
            open_.erase(found);
        }
        return claim >= now && claim <= std::max(now, once);
    }

    static std::uint32_t number_of(std::size_t i) { return static_cast<std::uint32_t>(i + 1); }

    const std::vector<EvidenceRecord>& records_;
    const EvidenceEffects& claimed_;
    std::map<std::array<std::size_t, 3>, Effect> open_;
};

}  // namespace

base::Result<void> judge_evidence(const std::vector<EvidenceRecord>& records,
                                  const EvidenceEffects& claimed) {
    return Judge(records, claimed).run();
}

}  // namespace backend

export { z } from 'zod'
export { issueTexts, type IssueText } from '../config/check/issue-text.ts'
